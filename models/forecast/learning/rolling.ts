/** The last `size` values, in order of arrival (a ring) and of size: any quantile at once, one insertion a value. */
export interface Rolling {
  ring: number[];
  sorted: number[];
  next: number;
  size: number;
}

export function rolling(size: number): Rolling {
  return { ring: [], sorted: [], next: 0, size };
}

/** Where `value` stands in a sorted list, or would. */
function placeOf(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function push(rolling: Rolling, value: number): void {
  const { ring, sorted, next, size } = rolling;
  let at = sorted.length;
  if (ring.length === size) at = placeOf(sorted, ring[next] as number);
  const to = placeOf(sorted, value);
  if (to > at) {
    for (let i = at; i < to - 1; i++) sorted[i] = sorted[i + 1] as number;
    sorted[to - 1] = value;
  } else {
    for (let i = at; i > to; i--) sorted[i] = sorted[i - 1] as number;
    sorted[to] = value;
  }
  ring[next] = value;
  rolling.next = (next + 1) % size;
}

/** The smallest value that a share `q` of the window does not exceed; 0 for an empty window. */
export function quantileOf({ sorted }: Rolling, q: number): number {
  const n = sorted.length;
  return sorted[Math.min(n - 1, Math.max(0, Math.ceil(q * n - 1e-9) - 1))] ?? 0;
}
