import type { Arrivals } from '../../simulator/domain/workload.ts';

export type KindOf<K extends Arrivals['kind']> = Extract<Arrivals, { kind: K }>;

/** One shape of load: intended operations a second at each second of the run. */
export interface Shape<K extends Arrivals['kind']> {
  readonly description: string;
  /** `of` gives the rate of any other shape, for shapes that build on one. */
  rateAt(arrivals: KindOf<K>, t_s: number, of: (arrivals: Arrivals, t_s: number) => number): number;
}
