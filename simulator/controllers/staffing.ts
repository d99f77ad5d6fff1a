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
 */
export function staffed(load: number, { slots, wait, late, service_cv2 }: Staffing): number {
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
