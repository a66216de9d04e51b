/** Set-up of the Java SDK: https only, any certificate chain for signed calls, a trusted one for API keys and uploads. */
import { apiKeyNote, clientIdOf, type Endpoint, FRAGMENT, literal, SDK_DATE, type SdkSetup, uploadNote, WEBHOOK_NOTE } from "./setup.ts";

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
      FRAGMENT,
      WEBHOOK_NOTE,
      "Way in: https. No certificate to install for signed calls: the SDK trusts any chain, and the proxy makes a certificate for the host name in the URL.",
      'Verifies every answer that has a signature, with its own client id; "Response signature verify fail." means the public key is not the one above. An unsigned answer is accepted unverified; a change that refuses one with status S was proposed in 2026-09.',
      "Times out after 15 s to connect and 15 s without a byte. A status other than 200 throws an AlipayApiException without the result; an empty or cut-off answer throws a NullPointerException or JSONException, both unchecked.",
      "HTTPS_PROXY is ignored; -Dhttps.proxyHost and -Dhttps.proxyPort are read.",
      "decide, reportRisk, sendPaymentResult and sendRefundResult keep their production path under a sandbox client id in this SDK.",
      uploadNote("setUploadGatewayUrl"),
      apiKeyNote(endpoint, "since 3.1.0", "import the CA into the JVM's trust store (antom-fault-proxy ca java)"),
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
