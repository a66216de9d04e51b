/** Set-up of the PHP SDK: any scheme and port, host name checked, answer headers read line by line. */
import { shellWord } from "../../base/shell-word.ts";
import {
  apiKeyNote,
  clientIdOf,
  type Endpoint,
  FRAGMENT,
  phpLiteral,
  SDK_DATE,
  type SdkSetup,
  UNSIGNED_NOTE,
  uploadNote,
  WEBHOOK_NOTE,
} from "./setup.ts";

/** Set-up for antom/global-open-sdk-php (its client/DefaultAlipayClient.php). */
export function phpSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: `PHP: antom/global-open-sdk-php (as of ${SDK_DATE})`,
    comment: "//",
    code: `require_once 'vendor/autoload.php';

// order: gateway, private key, public key, client id
$client = new \\Client\\DefaultAlipayClient(
    ${phpLiteral(endpoint.baseUrl)}, // this proxy
    $merchantPrivateKey, // yours, unchanged: base64, no PEM lines
    ${phpLiteral(endpoint.publicKey)}, // this proxy's key, in place of Antom's
    ${phpLiteral(clientIdOf(endpoint))}
);
`,
    notes: [
      FRAGMENT,
      WEBHOOK_NOTE,
      `Way in: http as above${endpoint.httpsUrl === undefined ? "" : `, or ${endpoint.httpsUrl}: the host name is checked, the chain is not`}.`,
      ...proxyNote(endpoint),
      "Verifies an answer only if a header line contains signature in lower case; without one, or with one that is not URL-encoded, the answer is accepted unverified. The last line that contains response-time or signature wins, so nothing between this proxy and you may add such a header.",
      UNSIGNED_NOTE,
      'A status other than 200 gives the error "HttpRpcResult is null." without the body; an empty or cut-off answer gives "result field is null". There is no time limit.',
      uploadNote("setUploadGatewayUrl"),
      apiKeyNote(
        endpoint,
        "since 1.6.0",
        `run PHP with -d curl.cainfo=${endpoint.caFile === undefined ? "…" : shellWord(endpoint.caFile)}`,
      ),
    ],
    obstacle: undefined,
  };
}

function proxyNote(endpoint: Endpoint): string[] {
  if (endpoint.caFile === undefined) return [];
  return [`Or leave the gateway's URL in place and set HTTPS_PROXY=${shellWord(endpoint.baseUrl)} for the process.`];
}
