/** Which names and numbers are secret: the one list that redaction goes by. Field names as in the official SDKs' models, 2026-08. */

/** `number`: the last four digits stay visible; `whole`: nothing does. */
export type Hiding = "number" | "whole";

/** Card and account numbers. */
const NUMBERS = names("cardNo cardNumber accountNo bankAccountNo payerAccountNo iban pan");

/** Values that pay, identify or reach a person, and values that open something. */
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

/** All of them as alternatives of a regular expression, longest first. */
export const SECRET_NAMES: string = [...NUMBERS, ...WHOLE].sort((one, other) => other.length - one.length).join("|");

/** Header names; any name with `signature`, `token`, `secret` or `api-key` in it is secret too. */
const HEADERS = names("authorization proxy-authorization cookie set-cookie x-session-id client-secret");

/** How the value of a field of this name is hidden; undefined: it is not. Case and a dotted lead (`card.cardNo`) do not count. */
export function hidingOf(name: string): Hiding | undefined {
  const last = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  if (NUMBERS.has(last)) return "number";
  return WHOLE.has(last) ? "whole" : undefined;
}

/** Whether the value of the header `name` is secret. */
export function hidesHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return HEADERS.has(lower) || /signature|token|secret|api-?key/.test(lower);
}

/** `text` with every run of digits that looks like a card number (13 to 19 digits, Luhn) cut to its last four. */
export function hideCardNumbers(text: string): string {
  return text.replaceAll(DIGIT_RUN, (run: string) => {
    const digits = run.replaceAll(/\D/g, "");
    return isCardNumber(digits) ? `[redacted] …${digits.slice(-4)}` : run;
  });
}

/** Digits that may be grouped by single spaces or hyphens; longer runs are ids, not cards. */
const DIGIT_RUN = /(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)/g;

/** Issuers' ranges begin with 2 to 6; ids of Antom begin with a date (20…) and are longer. */
function isCardNumber(digits: string): boolean {
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function names(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().split(/\s+/).filter(Boolean));
}
