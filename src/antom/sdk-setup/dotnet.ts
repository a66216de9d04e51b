/** Set-up of the .NET SDK: any scheme and port, system trust and proxy settings, signed answers only. */
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

/** Set-up for global-open-sdk-dotnet (its DefaultAlipayClient.cs and response/AMSResponse.cs). */
export function dotnetSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: `.NET: global-open-sdk-dotnet (as of ${SDK_DATE})`,
    comment: "//",
    code: `using com.alipay.ams.api;

// order: gateway, client id, private key, public key
var client = new DefaultAlipayClient(
    ${literal(endpoint.baseUrl)}, // this proxy
    ${literal(clientIdOf(endpoint))},
    merchantPrivateKey, // yours, unchanged: base64 of PKCS#8, no PEM lines
    ${literal(endpoint.publicKey)}); // this proxy's key, in place of Antom's
`,
    notes: [
      FRAGMENT,
      WEBHOOK_NOTE,
      `Way in: http as above${httpsWay(endpoint)}.`,
      ...proxyNote(endpoint),
      "Verifies every answer with its own client id; signature and response-time must be present and valid. Otherwise, also for unsigned errors, it throws an exception.",
      "A status other than 200 throws an HttpRequestException without the body.",
      uploadNote("SetUploadGatewayUrl"),
      apiKeyNote(endpoint, "releases of 2026-09", `${certFileTrust(endpoint)} on Linux`),
    ],
    obstacle: undefined,
  };
}

function httpsWay(endpoint: Endpoint): string {
  return endpoint.httpsUrl === undefined ? "" : `, or ${endpoint.httpsUrl}: the certificate is checked${trust(endpoint)}`;
}

function proxyNote(endpoint: Endpoint): string[] {
  if (endpoint.caFile === undefined) return [];
  return [`Or leave the gateway's URL in place and set HTTPS_PROXY=${shellWord(endpoint.baseUrl)} for the process${trust(endpoint)}.`];
}

function trust(endpoint: Endpoint): string {
  return endpoint.caFile === undefined ? "" : ` (trust it with SSL_CERT_FILE=${shellWord(endpoint.caFile)} on Linux)`;
}
