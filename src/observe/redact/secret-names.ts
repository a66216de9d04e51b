/** The list of secret names and numbers for redaction. Field names as in the official SDKs' models, 2026-08. */

/** `number`: the last four digits stay visible; `whole`: nothing stays visible. */
export type Hiding = "number" | "whole";

/** Card and account numbers. */
const NUMBERS = names("cardNo cardNumber accountNo bankAccountNo payerAccountNo iban pan");

/** Payment credentials, personal data and access credentials. */
const WHOLE = names(`
  cvv cvc cvv2 cvvCode securityCode expiryYear expiryMonth expiryDate cardPasswordDigest password passwordDigest otpValue otp pin
  paymentMethodId token accessToken refreshToken authCode authorizationCode cardToken acquirerCardToken assetToken assetId applePayToken
  grantToken deviceTokenId paymentSessionData paymentData agentToken agent-token apiKey api_key secret clientSecret privateKey merchantPrivateKey
  signature authorization cookie networkTransactionId cavv xid challengeRenderValue
  cardholderName cardHolderName holderName accountHolderName beneficiaryName payerName shopperName buyerName customerName fullName firstName
  middleName lastName customerFirstName customerLastName legalName nickname cardNickName userName displayUserLoginId
  email shopperEmail buyerEmail billingEmail customerEmail merchantEmail passengerEmail payerEmail toppedUpEmail shipToEmail
  phone phoneNo buyerPhoneNo passengerPhoneNo shippingPhoneNo storePhoneNo toppedUpPhoneNo mobile contactNo phoneNumber
  address address1 address2 billingAddress shippingAddress postalCode zipCode street
  cpf dateOfBirth birthDate certificateNo accountHolderCertNo accountHolderTIN taxId vatNo passport idNumber credentialNo
  loginId userLoginId clientIp ipAddress deviceId deviceFingerprint fingerprint cookieId
`);

/** Header names in lower case; any name that contains `signature`, `token`, `secret` or `api-key` is secret too. */
const HEADERS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie", "set-cookie", "x-session-id"]);

/**
 * How the value of a field of this name is redacted; undefined: not at all. Case, separators within the name (`card_no`) and prefixes
 * (`card.cardNo`, `card[cardNo]`, preceding words) are ignored.
 */
export function hidingOf(name: string): Hiding | undefined {
  if (name.length > LONGEST_NAME) return hidingOf(name.slice(-LONGEST_NAME));
  const last = LAST_PART.exec(name)?.[1] ?? "";
  return lookUp(last) ?? (last.includes(" ") ? lookUp(last.slice(last.lastIndexOf(" ") + 1)) : undefined);
}

function lookUp(name: string): Hiding | undefined {
  const plain = plainName(name);
  if (NUMBERS.has(plain)) return "number";
  return WHOLE.has(plain) ? "whole" : undefined;
}

const LONGEST_NAME = 100;
/** The name without prefixes, quotes, brackets and spaces. */
const LAST_PART = /([\p{L}\p{N}_ -]*[\p{L}\p{N}])[^\p{L}\p{N}]*$/u;

/** Normalises `card_no`, `Card-No` and full-width letters. */
function plainName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** Whether the value of the header `name` is secret. */
export function hidesHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return HEADERS.has(lower) || /signature|token|secret|api-?key/.test(lower);
}

/** `text` with every run of digits that looks like a card number (an issuer's range and length, Luhn) reduced to its last four. */
export function hideCardNumbers(text: string): string {
  return text.replaceAll(DIGIT_RUN, (run: string) => {
    const digits = run.replaceAll(/\D/g, "");
    return isCardNumber(digits) ? `[redacted] …${digits.slice(-4)}` : run;
  });
}

/** `text` with every API key of the gateway reduced to its kind: `isak_TEST_[redacted]`. */
export function hideApiKeys(text: string): string {
  return text.replaceAll(API_KEY, "$1[redacted]");
}

/** The rest of a key, in its own alphabet or percent-encoded. */
const API_KEY = /(i[sr]ak_[a-z]+_)[a-z0-9._~+/=%-]+/gi;

/** Digits, possibly grouped, without adjacent digits and not the decimals of a number; longer runs are ids, not cards. */
const DIGIT_RUN = /(?<!\d[ \-.]?)\d(?:[ \-\u00a0\u2010-\u2015]?\d){12,18}(?![ -]?\d)/g;

/** Ranges and lengths of the issuers (ISO/IEC 7812, as of 2026). Times (`1700000000000`, `20261125093000`) do not match. */
const ISSUERS = /^(?:4(?:\d{12}|\d{15}|\d{18})|5[0-9]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3(?:0|6|8|9)\d{12,17}|35\d{14,17}|6\d{12,18})$/;

function isCardNumber(digits: string): boolean {
  if (!ISSUERS.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(Boolean).map(plainName));
}
