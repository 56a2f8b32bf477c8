/** A trace: a run of an agent, written down as it happens. */
export { beginExchange, type Exchange, recordedFetch } from "./exchange.ts";
export { laneNow, openTrace, record, systemReason } from "./record.ts";
export { hideSecretsOf, withoutSecrets } from "./secrets.ts";
export { beginTurn, endTurn, inLane, noteAsked, recordEvent } from "./turns.ts";
export { describeLastRequest } from "./wire.ts";
