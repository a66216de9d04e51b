/** What the effects of a firing come to, each kind by itself. */
import type { Delivery, Effect } from "../faults/fault.ts";

/** The effects of one firing; changes and tamperings in the order in which they act. */
export interface Sorted {
  waitMs: number;
  make: Extract<Effect, { kind: "make" }> | undefined;
  change: Extract<Effect, { kind: "change" }>[];
  tamper: Extract<Effect, { kind: "tamper" }>[];
  delivery: Delivery | undefined;
}

/** Of a call that no rule acts on. */
export const NO_EFFECTS: Sorted = { waitMs: 0, make: undefined, change: [], tamper: [], delivery: undefined };

/** Of several of a kind that allows one, the last counts. */
export function sortEffects(effects: readonly Effect[]): Sorted {
  const sorted: Sorted = { waitMs: 0, make: undefined, change: [], tamper: [], delivery: undefined };
  for (const effect of effects) {
    switch (effect.kind) {
      case "wait":
        sorted.waitMs += effect.ms;
        break;
      case "make":
        sorted.make = effect;
        break;
      case "change":
        sorted.change.push(effect);
        break;
      case "tamper":
        sorted.tamper.push(effect);
        break;
      case "deliver":
        sorted.delivery = effect.delivery;
        break;
      default:
        effect satisfies never;
    }
  }
  return sorted;
}

/** Whether a delivery sends no answer. */
export function isSilent(delivery: Delivery | undefined): boolean {
  return delivery !== undefined && delivery.kind !== "truncate" && delivery.kind !== "throttle";
}
