/** Set-up for shells: a script that signs one `pay` with openssl, sends it with curl and verifies the answer. */
import { shellWord } from "../../base/shell-word.ts";
import { clientIdOf, type Endpoint, type SdkSetup, WEBHOOK_NOTE } from "./setup.ts";

/** A bash script for openssl 1.1 or later and curl, GNU or BSD (docs.antom.com/ac/ams/digital_signature, 2026-11). */
export function curlSetup(endpoint: Endpoint): SdkSetup {
  return {
    title: "curl: a whole signed call with openssl",
    comment: "#",
    code: `${settings(endpoint)}
${SCRIPT}`,
    notes: [
      "Save it as pay.sh and run: bash pay.sh merchant-private-key.pem",
      "Without a key, the script generates one for this call. The stand-in sandbox accepts it unless it has your public key; Antom's own sandbox needs your key.",
      "With an API key, ANTOM_API_KEY=isak_TEST_… bash pay.sh sends the key, signs nothing and verifies no signature.",
      WEBHOOK_NOTE,
    ],
    obstacle: undefined,
  };
}

function settings(endpoint: Endpoint): string {
  const overTls = endpoint.httpsUrl !== undefined && endpoint.caFile !== undefined;
  const trust = overTls ? `--cacert ${shellWord(endpoint.caFile ?? "")}` : "";
  return `set -euo pipefail
gateway=${shellWord(overTls ? (endpoint.httpsUrl ?? "") : endpoint.baseUrl)}
client_id=${shellWord(clientIdOf(endpoint))}
public_key=${shellWord(endpoint.publicKey)}
trust=(${trust})
`;
}

/** The fixed part of the script; `trust[@]+` prevents bash 3 and 4 from treating the empty array as an unset variable. */
const SCRIPT = `work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
path=/ams/sandbox/api/v1/payments/pay
time="$(date +%s)000"
printf '{"productCode":"CASHIER_PAYMENT","paymentRequestId":"curl-%s-%s","paymentAmount":{"currency":"HKD","value":"100"},"order":{"referenceOrderId":"order-1","orderDescription":"a test order","orderAmount":{"currency":"HKD","value":"100"}},"paymentMethod":{"paymentMethodType":"ALIPAY_HK"},"paymentRedirectUrl":"https://merchant.example/return","settlementStrategy":{"settlementCurrency":"HKD"},"env":{"terminalType":"WEB"}}' "$time" "$$" >"$work/body"

if [ -n "\${ANTOM_API_KEY:-}" ]; then # no signature either way; the key stays out of the command line
  printf 'authorization: Bearer %s\\n' "$ANTOM_API_KEY" >"$work/key"
  curl -sS --noproxy '*' \${trust[@]+"\${trust[@]}"} -i --data-binary @"$work/body" -H 'content-type: application/json; charset=UTF-8' \\
    -H @"$work/key" "$gateway$path"
  exit
fi

if [ $# -eq 0 ]; then
  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/key.pem" 2>/dev/null
elif grep -q BEGIN "$1"; then
  cp "$1" "$work/key.pem"
else # the bare base64 that the SDKs take
  { echo '-----BEGIN PRIVATE KEY-----'; tr -d '[:space:]' <"$1" | fold -w 64; echo; echo '-----END PRIVATE KEY-----'; } >"$work/key.pem"
fi
{ echo '-----BEGIN PUBLIC KEY-----'; printf %s "$public_key" | fold -w 64; echo; echo '-----END PUBLIC KEY-----'; } >"$work/proxy.pem"
signature=$({ printf 'POST %s\\n%s.%s.' "$path" "$client_id" "$time"; cat "$work/body"; } |
  openssl dgst -sha256 -sign "$work/key.pem" | openssl base64 -A | sed 's/+/%2B/g; s,/,%2F,g; s/=/%3D/g')

curl -sS --noproxy '*' \${trust[@]+"\${trust[@]}"} -D "$work/headers" -o "$work/answer" --data-binary @"$work/body" \\
  -H 'content-type: application/json; charset=UTF-8' -H "client-id: $client_id" -H "request-time: $time" \\
  -H "signature: algorithm=RSA256,keyVersion=1,signature=$signature" "$gateway$path"
tr -d '\\r' <"$work/headers"
cat "$work/answer"
echo

header() { tr -d '\\r' <"$work/headers" | awk -v name="$1" 'tolower(substr($0, 1, length(name) + 1)) == name ":" { sub(/^[^:]*:[ \\t]*/, ""); print; exit }'; }
header signature | sed 's/.*signature=//; s/%2[Bb]/+/g; s,%2[Ff],/,g; s/%3[Dd]/=/g' | openssl base64 -d -A >"$work/signature"
{ printf 'POST %s\\n%s.%s.' "$path" "$client_id" "$(header response-time)"; cat "$work/answer"; } |
  openssl dgst -sha256 -verify "$work/proxy.pem" -signature "$work/signature"
`;
