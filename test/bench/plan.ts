/** How long everything takes: `--quick` ends within a minute, the whole takes about fifteen. */

export interface Plan {
  /** At full speed: many and short, since a shared machine's speed changes within seconds and each round is compared by itself. */
  readonly rounds: number;
  /** `compared`: only those peers in the lanes that a ratio is to be reached against. */
  readonly peers: "all" | "compared";
  /** Of load, each round. */
  readonly seconds: number;
  /** Of load before the first round, unmeasured. */
  readonly warmSeconds: number;
  readonly connections: number;
  /** Of latency and the ways in. */
  readonly ownRounds: number;
  /** Of load by the own generator, which can be short, each of these rounds. */
  readonly ownSeconds: number;
  /** Systems of each lane whose latency is taken. */
  readonly latencySystems: number;
  /** Of load before memory is looked at. */
  readonly memorySeconds: number;
  /** Starts timed. */
  readonly starts: number;
  /** Saves of the rules file under load. */
  readonly reloads: number;
  readonly handshakes: number;
}

export const WHOLE: Plan = {
  rounds: 25,
  peers: "all",
  seconds: 1,
  warmSeconds: 2,
  connections: 32,
  ownRounds: 5,
  ownSeconds: 3,
  latencySystems: 10,
  memorySeconds: 60,
  starts: 9,
  reloads: 20,
  handshakes: 400,
};

export const QUICK: Plan = {
  rounds: 1,
  peers: "compared",
  seconds: 1,
  warmSeconds: 0.1,
  connections: 32,
  ownRounds: 1,
  ownSeconds: 0.3,
  latencySystems: 1,
  memorySeconds: 1,
  starts: 1,
  reloads: 2,
  handshakes: 20,
};
