/** The three throughput lanes: which systems run against each other, on which call, on how many cores. */
import type { System } from "./system.ts";
import { type LaneProxy, OVERRIDE_PAY, proxySystem } from "./systems/antom-fault-proxy.ts";
import { mitmproxyForward, mitmproxyResign } from "./systems/mitmproxy.ts";
import { nginx } from "./systems/nginx.ts";
import * as peers from "./systems/peers.ts";
import { INQUIRY, PAY } from "./workload.ts";

export interface Lane {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  /** Each system is held to one core, and the load and the gateway's side to another. */
  readonly isPinned: boolean;
  /** This program on this lane, the first of the systems. */
  readonly ours: LaneProxy;
  readonly systems: readonly System[];
  /** What to reach: our calls a second over another's, or over the signing limit. */
  readonly reach: readonly Reach[];
}

export interface Reach {
  readonly against: string;
  readonly atLeast: number;
}

/** Stands for `openssl speed` among the names to compare with. */
export const SIGNING_LIMIT = "openssl speed, signatures";

const OURS_A: LaneProxy = {
  name: "antom-fault-proxy --resign overridden",
  rules: OVERRIDE_PAY,
  flags: ["--resign", "overridden"],
  expect: "untouched",
};
const OURS_B: LaneProxy = { name: "antom-fault-proxy", rules: OVERRIDE_PAY, expect: "resigned" };
const OURS_C: LaneProxy = { name: "antom-fault-proxy, overridden", rules: OVERRIDE_PAY, expect: "overridden" };

export const LANES: readonly Lane[] = [
  {
    name: "A",
    title: "forward untouched, one core",
    path: INQUIRY,
    isPinned: true,
    ours: OURS_A,
    systems: [
      proxySystem(OURS_A),
      nginx,
      peers.undiciForwarder,
      peers.keepAliveHttpProxy,
      peers.bareHttpProxy,
      peers.mockttpForward,
      mitmproxyForward,
    ],
    reach: [{ against: peers.keepAliveHttpProxy.name, atLeast: 1.5 }],
  },
  {
    name: "B",
    title: "forward, verify, sign again",
    path: INQUIRY,
    isPinned: false,
    ours: OURS_B,
    systems: [proxySystem(OURS_B), peers.signingHttpProxy, peers.mockttpResign, mitmproxyResign],
    reach: [
      { against: peers.signingHttpProxy.name, atLeast: 1.7 },
      { against: SIGNING_LIMIT, atLeast: 0.5 },
    ],
  },
  {
    name: "C",
    title: "answer without upstream",
    path: PAY,
    isPinned: false,
    ours: OURS_C,
    systems: [proxySystem(OURS_C), peers.mockttpCanned],
    reach: [
      { against: peers.mockttpCanned.name, atLeast: 2.5 },
      { against: SIGNING_LIMIT, atLeast: 3 },
    ],
  },
];
