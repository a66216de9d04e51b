/** Counts one finished call. The series of each label combination are looked up once, so that a call costs only map look-ups. */
import type { CallRecord, Outcome } from "../../ports/ports.ts";
import { deliveryLabels, failureLabels, refusalLabels, verdictLabels } from "./closed-labels.ts";
import type { Counting, HeldCounter, Timing } from "./held-metrics.ts";
import { OTHER } from "./metric-definitions.ts";
import type { Instruments } from "./metric-instruments.ts";

/** The series of one operation with one outcome. */
interface Lane {
  readonly duration: Timing;
  readonly codes: Map<string, Counting>;
}

/** The series of one operation. */
interface Row {
  readonly lanes: Map<Outcome, Lane>;
  readonly upstream: Timing;
  readonly delivery: Timing;
}

/** The value of `result_code` without an answer, or for an answer without a code. */
const NO_CODE = "none";

/** Returns the function that counts a call's outcome, times, signature verdict, failure and refusal. */
export function createCallMetrics(instruments: Instruments, isResultCode: (code: string) => boolean): (record: CallRecord) => void {
  const rows = new Map<string, Row>();
  const countSide = createSideCounter(instruments);
  return (record) => {
    const operation = record.identity.operation ?? OTHER;
    const row = rows.get(operation) ?? addRow(rows, operation, instruments);
    const lane = row.lanes.get(record.outcome) ?? addLane(row, operation, record.outcome, instruments);
    const code = record.resultCode ?? NO_CODE;
    const calls = lane.codes.get(code) ?? addCode(lane, { operation, outcome: record.outcome, code }, { instruments, isResultCode });
    calls.inc();
    lane.duration.observe(record.durationMs / 1000);
    if (record.upstreamMs !== undefined) row.upstream.observe(record.upstreamMs / 1000);
    if (record.deliveryMs !== undefined) row.delivery.observe(record.deliveryMs / 1000);
    countSide(record);
  };
}

/** Counts values that only some calls have: the end of the delivery, a signature verdict, a failure, a refusal. */
function createSideCounter(instruments: Instruments): (record: CallRecord) => void {
  const verdicts = bindAll(instruments.upstreamSignatures, verdictLabels);
  const deliveries = bindAll(instruments.deliveries, deliveryLabels);
  const errors = bindAll(instruments.upstreamErrors, failureLabels);
  const refusals = bindAll(instruments.refusals, refusalLabels);
  return (record) => {
    if (record.deliveryEnd !== undefined) deliveries(record.deliveryEnd).inc();
    if (record.verdict !== undefined) verdicts(record.verdict).inc();
    if (record.failure !== undefined) errors(record.failure.kind).inc();
    if (record.outcome === "refused") refusals(record.refusal ?? OTHER).inc();
  };
}

function addRow(rows: Map<string, Row>, operation: string, instruments: Instruments): Row {
  const row: Row = {
    lanes: new Map(),
    upstream: instruments.upstreamDuration.labels(operation),
    delivery: instruments.deliveryDuration.labels(operation),
  };
  rows.set(operation, row);
  return row;
}

function addLane(row: Row, operation: string, outcome: Outcome, instruments: Instruments): Lane {
  const lane: Lane = { duration: instruments.callDuration.labels(operation, outcome), codes: new Map() };
  row.lanes.set(outcome, lane);
  return lane;
}

/** All codes outside the catalogue share one series, because answers could contain any number of them. */
function addCode(
  lane: Lane,
  labels: { readonly operation: string; readonly outcome: Outcome; readonly code: string },
  deps: { readonly instruments: Instruments; readonly isResultCode: (code: string) => boolean },
): Counting {
  const known = labels.code === NO_CODE || deps.isResultCode(labels.code);
  const label = known ? labels.code : OTHER;
  const child = lane.codes.get(label) ?? deps.instruments.calls.labels(labels.operation, labels.outcome, label);
  lane.codes.set(label, child);
  return child;
}

/** Creates the series of a closed set, each from 0. */
function bindAll(counter: HeldCounter, values: readonly string[]): (value: string) => Counting {
  const children = new Map(values.map((value) => [value, counter.fromZero(value)]));
  return (value) => {
    const known = children.get(value);
    if (known !== undefined) return known;
    const child = counter.labels(value);
    children.set(value, child);
    return child;
  };
}
