/** Set-up of the Go SDK: any scheme and port, certificates checked against the system's roots, no proxy variables. */
import { shellWord } from "../../base/shell-word.ts";
import {
  apiKeyNote,
  certFileTrust,
  clientIdOf,
  type Endpoint,
  FRAGMENT,
  literal,
  SDK_DATE,
  type SdkSetup,
  uploadNote,
  WEBHOOK_NOTE,
} from "./setup.ts";

/** Set-up for github.com/alipay/global-open-sdk-go (its com/alipay/api/defaultAlipayClient.go). */
export function goSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: `Go: github.com/alipay/global-open-sdk-go (as of ${SDK_DATE})`,
    comment: "//",
    code: `import defaultAlipayClient "github.com/alipay/global-open-sdk-go/com/alipay/api"

// order: gateway, client id, private key, public key
client := defaultAlipayClient.NewDefaultAlipayClient(
	${literal(endpoint.baseUrl)}, // this proxy
	${literal(clientIdOf(endpoint))},
	merchantPrivateKey, // yours, unchanged: base64 of PKCS#8, no PEM lines
	${literal(endpoint.publicKey)}) // this proxy's key, in place of Antom's
`,
    notes: [
      FRAGMENT,
      WEBHOOK_NOTE,
      `Way in: http as above${httpsWay(endpoint)}. HTTP_PROXY and HTTPS_PROXY are ignored.`,
      'Verifies every answer, with the client id of the answer and the path without its query; an unsigned answer is an error ("check signature fail" or "checkRspSign is fail"), so your code never gets its result code.',
      'The HTTP status is ignored: a 503 with a signed body is read as a result; an empty or cut-off answer is "signature verification failed". Limits: 15 s to connect, 15 s to the headers, 30 s in all.',
      uploadNote("SetUploadGatewayUrl"),
      apiKeyNote(endpoint, "since 1.4.0", `${certFileTrust(endpoint)}; unlike the other client it reads HTTPS_PROXY`),
    ],
    obstacle: undefined,
  };
}

function httpsWay(endpoint: Endpoint): string {
  if (endpoint.httpsUrl === undefined) return "";
  const trust = endpoint.caFile === undefined ? "" : ` (trust it with SSL_CERT_FILE=${shellWord(endpoint.caFile)} on Linux)`;
  return `, or ${endpoint.httpsUrl}: the certificate is checked against the system's roots${trust}`;
}
