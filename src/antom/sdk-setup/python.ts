/** Set-up of the Python SDK: always TLS to port 443, no certificate check, absolute request targets. */
import {
  apiKeyNote,
  certFileTrust,
  clientIdOf,
  type Endpoint,
  FRAGMENT,
  literal,
  SDK_DATE,
  type SdkSetup,
  UNSIGNED_NOTE,
  uploadNote,
  WEBHOOK_NOTE,
} from "./setup.ts";

const PORT_NOTE =
  "The SDK always calls port 443 with TLS. The lines below the client redirect its connections to this proxy's port, in tests only; without them, start the proxy with --listen 127.0.0.1:443.";

/** Set-up for global-open-sdk-python (its default_alipay_client.py and net/default_http_rpc.py). */
export function pythonSetup(endpoint: Endpoint): SdkSetup {
  const onDefaultPort = endpoint.httpsUrl !== undefined && new URL(endpoint.httpsUrl).port === "";
  return {
    title: `Python: global-open-sdk-python (as of ${SDK_DATE})`,
    comment: "#",
    code: `from com.alipay.ams.api.default_alipay_client import DefaultAlipayClient

# order: gateway, client id, private key, public key
client = DefaultAlipayClient(
    ${literal(`https://${new URL(endpoint.httpsUrl ?? endpoint.baseUrl).hostname}`)},  # this proxy; scheme and port of the URL are not used
    ${literal(clientIdOf(endpoint))},
    merchant_private_key,  # yours, unchanged: base64, no PEM lines
    ${literal(endpoint.publicKey)},  # this proxy's key, in place of Antom's
)
${onDefaultPort ? "" : `\n${portPatch(new URL(endpoint.baseUrl))}`}`,
    notes: [
      ...(onDefaultPort ? [] : [PORT_NOTE]),
      FRAGMENT,
      WEBHOOK_NOTE,
      "Way in: TLS on port 443, whatever the URL says; signed calls check no certificate. HTTPS_PROXY is ignored.",
      "Verifies every answer with the client id of the answer. The headers signature, response-time and client-id must all be present in lower case. Otherwise, also for unsigned errors, it raises AlipayApiException (releases before 2026-09).",
      UNSIGNED_NOTE,
      "client.execute() returns the raw body as text. A status other than 200 raises an AlipayApiException without the body. Times out after 15 s without a byte, with a bare TimeoutError.",
      'With a recent cryptography package (50.0) the SDK reads the private key as base64 of PKCS#1 only; "ASN.1 parsing error" means that it got PKCS#8: openssl rsa -traditional -in key.pem -outform DER | openssl base64 -A',
      "Make a new request object for each call: the SDK rewrites the object's path for the sandbox in place.",
      uploadNote("set_upload_gateway_url"),
      apiKeyNote(endpoint, "since 1.6.0, at the port of the URL", certFileTrust(endpoint)),
    ],
    obstacle: undefined,
  };
}

/** Replaces the name http_client in the module default_http_rpc.py, which provides the connection class, to change host, port and scheme. */
function portPatch(base: URL): string {
  const tls = base.protocol === "https:";
  const port = base.port === "" ? (tls ? 443 : 80) : Number(base.port);
  const connection = tls ? "HTTPSConnection" : "HTTPConnection";
  const host = base.hostname.replace(/^\[(.*)\]$/, "$1");
  return `# tests only: every call of the SDK goes to ${base.host}
import http.client
import types
from com.alipay.ams.api.net import default_http_rpc

default_http_rpc.http_client = types.SimpleNamespace(
    HTTPSConnection=lambda host, port, timeout, context: http.client.${connection}(
        ${literal(host)}, ${port}, timeout=timeout${tls ? ", context=context" : ""}
    )
)
`;
}
