/** Kinds of way that a request goes through the parts of a live run. */
export const LEG_KINDS = ['door', 'call', 'work', 'init', 'core', 'cpu', 'io', 'read', 'write', 'send', 'delivery'] as const;

/**
 * One leg of one request, as the process that went it measured it: out of the spans of a live run.
 *
 * `door` lasts from the gateway's first look to its answer; `call` from a caller's question to its answer; `work` is what the called
 * instance had of that; `init` from the start of a process that was started for it to its work; `core` the wait for the instance's core; `cpu` and `io` the component's own demand, with what was asked for of the CPU;
 * `read`, `write` and `send` last until the store or channel has answered; `delivery` from the publication to the consumer's first step.
 *
 * `of` is the operation (door), component (call, work, init, core, cpu, io), dataset (read, write) or queue part (send, delivery); `on` is the
 * process that measured. Units: ms; `at_ms` is wall time at its end.
 */
export interface Leg {
  leg: (typeof LEG_KINDS)[number];
  of: number;
  action: number;
  on: string;
  at_ms: number;
  ms: number;
  asked_ms?: number;
}

/** What was measured of one run of one plan, beside its result. */
export interface Metered {
  legs: Leg[];
  /** From intended time to answer, of every action that was served, by its number. */
  latency_ms: Map<number, number>;
  /** By part: how long each instance that was started took until it was ready. */
  boots_ms: Map<number, number[]>;
}
