/** The text of `ca`: the path of the proxy's CA, the names that it certifies, and the commands that make each kind of client trust it. */
import { shellWord } from "../base/shell-word.ts";

/** The system's CA bundle on Debian, Ubuntu and Alpine. */
const SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";
const BUNDLE = "ca-bundle.pem";

/** The CA's properties, for comparison by a person. */
export interface CaFacts {
  /** Absolute path of the PEM file; it contains no secret. */
  readonly caFile: string;
  /** SHA-256 of the certificate as colon-separated hex, like in browsers and openssl. */
  readonly fingerprint: string;
  readonly notAfterMs: number;
  /** Names and addresses that the CA may certify. */
  readonly hosts: readonly string[];
}

/** How to make one kind of client trust the CA: shell lines to paste; comments start with `#`. */
export interface TrustGuide {
  readonly client: string;
  readonly title: string;
  readonly lines: readonly string[];
}

/** The full text of `ca`, or of one client's guide, with a final line feed. */
export function caText(facts: CaFacts, client?: string): string {
  const guides = trustGuides(facts.caFile).filter((guide) => client === undefined || guide.client === client);
  const head = client === undefined ? [...introduction(facts), ""] : [];
  return `${[...head, ...guides.flatMap(({ title, lines }) => [`# ${title}`, ...lines, ""])].join("\n").trimEnd()}\n`;
}

/** The client names that `ca` accepts. */
export const trustClients: readonly string[] = trustGuides("").map(({ client }) => client);

function introduction({ caFile, fingerprint, notAfterMs, hosts }: CaFacts): string[] {
  return [
    `# CA certificate: ${caFile}`,
    `# SHA-256: ${fingerprint}`,
    `# Valid until ${new Date(notAfterMs).toISOString().slice(0, 10)}, for: ${hosts.join(", ")}`,
    "# It was made on this machine, its key never leaves it, and clients accept it for these names only.",
    "# Trust it where your program runs, for tests only. Signed calls of the official SDKs for Java and Python need none of this:",
    "# they do not check the chain. Image uploads, meter.uploadEvent and every client with an API key do, in all five SDKs.",
  ];
}

/** One guide per kind of client, in output order. */
export function trustGuides(caFile: string): readonly TrustGuide[] {
  const file = shellWord(caFile);
  const bundle = `cat ${SYSTEM_BUNDLE} ${file} > ${BUNDLE}   # Red Hat: /etc/pki/tls/certs/ca-bundle.crt`;
  return [
    { client: "node", title: "Node.js (read once, at the start of the process)", lines: [`export NODE_EXTRA_CA_CERTS=${file}`] },
    { client: "java", title: "Java: API-key client, uploads, and other clients than the official SDK", lines: javaLines(file) },
    { client: "go", title: "Go on Linux (elsewhere Go asks the system, below)", lines: [bundle, `export SSL_CERT_FILE="$PWD/${BUNDLE}"`] },
    {
      client: "python",
      title: "Python: API-key client, uploads, and other clients than the official SDK (ssl, urllib and httpx; requests)",
      lines: [bundle, `export SSL_CERT_FILE="$PWD/${BUNDLE}" REQUESTS_CA_BUNDLE="$PWD/${BUNDLE}"`],
    },
    {
      client: "php",
      title: "PHP",
      lines: [bundle, `php -d curl.cainfo="$PWD/${BUNDLE}" -d openssl.cafile="$PWD/${BUNDLE}" your-script.php`],
    },
    {
      client: "dotnet",
      title: ".NET on Linux (elsewhere .NET asks the system, below)",
      lines: [bundle, `export SSL_CERT_FILE="$PWD/${BUNDLE}"`],
    },
    { client: "curl", title: "curl", lines: [`curl --cacert ${file} https://localhost:8080/   # or: export CURL_CA_BUNDLE=${file}`] },
    { client: "browser", title: "Browsers", lines: browserLines(file) },
    { client: "system", title: "The whole system (undo it when the tests are over)", lines: systemLines(file) },
    { client: "container", title: "Containers", lines: containerLines(file) },
  ];
}

/** Uses a copy of Java's trust store, so that other hosts stay trusted and the installation is unchanged. */
function javaLines(file: string): string[] {
  return [
    'java_home=$(java -XshowSettings:properties -version 2>&1 | sed -n "s/^ *java.home = //p")',
    'cp "$java_home/lib/security/cacerts" antom-trust && chmod u+w antom-trust',
    `keytool -importcert -noprompt -alias antom-fault-proxy -file ${file} -keystore antom-trust -storepass changeit`,
    'export JAVA_TOOL_OPTIONS="-Djavax.net.ssl.trustStore=$PWD/antom-trust -Djavax.net.ssl.trustStorePassword=changeit"',
  ];
}

function browserLines(file: string): string[] {
  return [
    "# Firefox: Settings, Certificates, View Certificates, Authorities, Import; Chrome and Edge on Windows and macOS ask the system, below",
    "# Chrome on Linux (certutil comes with libnss3-tools):",
    `certutil -d sql:"$HOME/.pki/nssdb" -A -t C,, -n antom-fault-proxy -i ${file}`,
  ];
}

function systemLines(file: string): string[] {
  return [
    "# Debian, Ubuntu, Alpine:",
    `sudo cp ${file} /usr/local/share/ca-certificates/antom-fault-proxy.crt && sudo update-ca-certificates`,
    "# Red Hat, Fedora:",
    `sudo cp ${file} /etc/pki/ca-trust/source/anchors/antom-fault-proxy.pem && sudo update-ca-trust`,
    "# macOS:",
    `sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${file}`,
    "# Windows, for the current user:",
    `certutil -user -addstore Root ${file}`,
  ];
}

function containerLines(file: string): string[] {
  return [
    "# at run time, here for Node.js:",
    `docker run -v ${file}:/antom-ca.pem:ro -e NODE_EXTRA_CA_CERTS=/antom-ca.pem your-image`,
    "# or in the Dockerfile of your test image, with the file copied next to it:",
    "#   COPY ca.pem /usr/local/share/ca-certificates/antom-fault-proxy.crt",
    "#   RUN update-ca-certificates",
  ];
}
