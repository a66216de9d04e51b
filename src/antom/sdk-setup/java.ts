/** How the Java SDK reaches the proxy: https only, any certificate chain, the host name must fit. */
import { clientIdOf, type Endpoint, literal, SDK_DATE, type SdkSetup, uploadNote } from "./setup.ts";

/** Set-up for com.alipay.global.sdk:global-open-sdk-java (its DefaultHttpRPC, ssl/ and BaseAlipayClient). */
export function javaSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: `Java: com.alipay.global.sdk:global-open-sdk-java (as of ${SDK_DATE})`,
    comment: "//",
    code: `import com.alipay.global.api.AlipayClient;
import com.alipay.global.api.DefaultAlipayClient;

// order: gateway, private key, public key, client id
AlipayClient client = new DefaultAlipayClient(
    ${literal(endpoint.httpsUrl ?? httpsForm(endpoint.baseUrl))}, // this proxy, in place of EndPointConstants.*
    merchantPrivateKey, // yours, unchanged: base64 of PKCS#8, no PEM lines
    ${literal(endpoint.publicKey)}, // this proxy's key, in place of Antom's
    ${literal(clientIdOf(endpoint))});
`,
    notes: [
      "Way in: https. No certificate to install: the SDK trusts any chain, but the certificate must name the host of the URL.",
      'Verifies every answer that has a signature, with its own client id; "Response signature verify fail." means the public key is not the one above. An unsigned answer is accepted unverified.',
      "Times out after 15 s to connect and 15 s to read. A status other than 200 becomes an AlipayApiException that hides the result.",
      "HTTPS_PROXY is ignored; -Dhttps.proxyHost and -Dhttps.proxyPort are read.",
      "decide, reportRisk, sendPaymentResult and sendRefundResult keep their production path under a sandbox client id in this SDK.",
      uploadNote("setUploadGatewayUrl"),
    ],
    obstacle:
      endpoint.httpsUrl === undefined
        ? 'this proxy has no https address, and the SDK refuses http:// ("Only supports HTTPS."): give the proxy a TLS listener, or put a TLS terminator before it'
        : undefined,
  };
}

function httpsForm(baseUrl: string): string {
  return baseUrl.replace(/^http:/, "https:");
}
