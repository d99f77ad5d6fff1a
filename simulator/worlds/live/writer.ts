import { hostname } from 'node:os';

const count = { now: 0 };

/**
 * A name that nothing else gets, on whatever machine: by process, its start to the microsecond, and a count.
 *
 * For writes that must not be taken for one another; never for a draw, which belongs to the request.
 */
export function writerId(): string {
  count.now += 1;
  return `${hostname().slice(0, 24)}-${process.pid}-${Math.round(performance.timeOrigin * 1000).toString(36)}-${count.now}`;
}
