/**
 * The magic values of Antom's sandbox (docs.antom.com/ac/ref/card, 2026-11): failing cards, invalid card data, a refused amount.
 * The page does not publish their result codes; the codes here are the stand-in's choice.
 */
import type { Amount } from "./payment.ts";

/** The card data of a pay request; every field may be absent. */
export interface CardDetails {
  readonly cardNo?: string | undefined;
  readonly cvv?: string | undefined;
  readonly expiryMonth?: string | undefined;
}

const DECLINED_CARDS: ReadonlySet<string> = new Set(["4054692760174822", "5162770472561357"]);
const RISKY_VALUE = "11";

/** The result code of a failing payment with this amount and card; undefined when the payment succeeds. */
export function magicFailure(amount: Amount, card: CardDetails): string | undefined {
  if (amount.value === RISKY_VALUE) return "RISK_REJECT";
  if (card.cardNo !== undefined && !/^\d{12,19}$/.test(card.cardNo)) return "INVALID_CARD_NUMBER";
  if (card.expiryMonth !== undefined && !/^(?:0?[1-9]|1[0-2])$/.test(card.expiryMonth)) return "INVALID_EXPIRATION_DATE";
  return card.cardNo !== undefined && DECLINED_CARDS.has(card.cardNo) ? "DO_NOT_HONOR" : undefined;
}
