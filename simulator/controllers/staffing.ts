/** What a pool has to keep: of all calls at most a share `late` may wait longer than `wait` holding times. */
export interface Staffing {
  /** Slots of one instance. */
  slots: number;
  wait: number;
  late: number;
  /** Squared coefficient of variation of service times; arrivals are at random. */
  service_cv2: number;
}

/**
 * Probability that a call waits with `servers` slots at an offered load (Erlang C), by the recursion of Erlang B; 1 where the load is too much.
 *
 * Source: Erlang 1917; recursion as in any text on queues.
 */
export function erlangC(servers: number, load: number): number {
  if (load <= 0) return 0;
  if (servers <= load) return 1;
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (load * blocked) / (k + load * blocked);
  return (servers * blocked) / (servers - load * (1 - blocked));
}

/**
 * Fewest instances that keep the waiting share below its limit at an offered load in busy slots.
 *
 * The tail of the wait is exponential with a rate that variability slows down: (1 + cs2) / 2 stretches it (Allen and Cunneen). The answer
 * lies near load + beta sqrt(load), where square-root staffing would stand.
 *
 * Throws: RangeError for numbers that are not finite, and where no number of instances could be enough.
 */
export function staffed(load: number, { slots, wait, late, service_cv2 }: Staffing): number {
  if (![load, slots, wait, late, service_cv2].every(Number.isFinite) || slots <= 0 || late <= 0 || wait < 0) {
    const given = `a load of ${load} with slots ${slots}, wait ${wait}, late ${late}, service_cv2 ${service_cv2}`;
    throw new RangeError(`cannot staff ${given}: give finite numbers, slots and late above 0, wait at least 0`);
  }
  const stretch = Math.max(0.05, (1 + service_cv2) / 2);
  const isEnough = (servers: number) =>
    servers > load && erlangC(servers, load) * Math.exp((-(servers - load) * wait) / stretch) <= late;
  let low = Math.max(1, Math.ceil(load / slots - 1e-9));
  if (isEnough(low * slots)) return low;
  let more = 1;
  while (!isEnough((low + more) * slots)) more *= 2;
  // Too few at `low`, enough at `low + more`.
  for (let high = low + more; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (isEnough(middle * slots)) high = middle;
    else low = middle;
  }
  return low + 1;
}

/** `staffed` for one pool, remembered: loads are rounded up to a tenth of a slot, since an order asks for dozens that are nearly the same. */
export function staffer(staffing: Staffing): (load: number) => number {
  const known = new Map<number, number>();
  return (load) => {
    const tenths = Math.ceil(load * 10 - 1e-6);
    let instances = known.get(tenths);
    if (instances === undefined) {
      instances = staffed(tenths / 10, staffing);
      known.set(tenths, instances);
    }
    return instances;
  };
}

/** Time over which a pool feels its load: as long as a call holds a slot, and as long as one may wait. */
export function memoryOf(holding_s: number, wait: number): number {
  return holding_s * (1 + wait);
}

/**
 * The offered load after `interval_s` at `load` busy slots: it follows as calls come and go, with a time constant of `memory_s`.
 *
 * Source: modified offered load for exponential holding times, m' = lambda - mu m (Jagerman 1975); that a wait smooths as service does is a simplification.
 */
export function followed(before: number, load: number, o: { interval_s: number; memory_s: number }): number {
  return o.memory_s <= 0 ? load : load + (before - load) * Math.exp(-o.interval_s / o.memory_s);
}

/** Busy slots that a history of arrivals came to, step by step. */
export function offeredBy(
  { step_s, arrivals }: { step_s: number; arrivals: ArrayLike<number> },
  { holding_s, wait }: { holding_s: number; wait: number },
): Float64Array {
  const memory_s = memoryOf(holding_s, wait);
  let offered = -1;
  return Float64Array.from(arrivals, (calls) => {
    const load = (calls / step_s) * holding_s;
    offered = offered < 0 ? load : followed(offered, load, { interval_s: step_s, memory_s });
    return offered;
  });
}
