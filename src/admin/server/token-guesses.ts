/** Slows down whoever guesses the token: wrong ones are answered late, few at a time for each address. */
import { LRUCache } from "lru-cache";

export interface TokenGuesses {
  /** Whether `address` may try a token now; false while its earlier wrong ones are still unanswered. */
  mayTry(address: string): boolean;
  /** Counts a wrong token; resolves when it may be answered: at once for the first ones, then after a delay that doubles up to two seconds. */
  wrong(address: string): Promise<void>;
}

/** Waits; the real one does not keep the process alive. */
export type Wait = (ms: number) => Promise<void>;

const FREE_GUESSES = 3;
const FIRST_DELAY_MS = 125;
const LONGEST_DELAY_MS = 2000;
const WAITING_AT_A_TIME = 4;
/** An address is forgotten when it has not guessed for this long. */
const FORGET_MS = 15 * 60_000;
const MOST_ADDRESSES = 10_000;

interface Guesses {
  count: number;
  waiting: number;
}

/** Without guesses yet. */
export function createTokenGuesses(wait: Wait): TokenGuesses {
  const addresses = new LRUCache<string, Guesses>({ max: MOST_ADDRESSES, ttl: FORGET_MS });
  return {
    mayTry: (address) => (addresses.get(networkOf(address))?.waiting ?? 0) < WAITING_AT_A_TIME,
    async wrong(address) {
      const network = networkOf(address);
      const guesses = addresses.get(network) ?? { count: 0, waiting: 0 };
      guesses.count += 1;
      guesses.waiting += 1;
      addresses.set(network, guesses);
      await wait(delayAfter(guesses.count));
      guesses.waiting -= 1;
    },
  };
}

function delayAfter(count: number): number {
  const further = count - FREE_GUESSES;
  return further <= 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (further - 1));
}

/** An IPv6 client owns a /64: its addresses count as one. */
function networkOf(address: string): string {
  return address.includes(":") && !address.includes(".") ? address.split(":").slice(0, 4).join(":") : address;
}
