import type { Distribution } from '../domain/distribution.ts';
import type { PartKind, PlannedParameter } from '../domain/plan.ts';
import type { Parameter } from '../domain/sourced.ts';
import { ASSUMED_ON } from './parameters/cite.ts';
import { PARAMETERS } from './parameters/index.ts';

/** Source of a number that the scenario sets. */
export const FROM_SCENARIO = 'scenario';

/** A value that belongs to one part only, such as its instance's cores: listed under the owner's name. `undefined`: it has no use for it. */
export type Decided = Readonly<Record<string, Parameter | undefined>>;

/**
 * Resolves parameters and remembers which ones were used.
 *
 * The scenario's number for one owner wins over its number for the kind, then what placement and sizing decided, then defaults.
 */
export class Values {
  private readonly overrides: Readonly<Record<string, Distribution>>;
  private readonly used = new Map<string, PlannedParameter>();

  constructor(overrides: Readonly<Record<string, Distribution>>) {
    this.overrides = overrides;
  }

  /** All values of one part. `defaults` stand in for the kind's own (a load balancer among gateways). */
  of(kind: PartKind, owner: string, decided: Decided = {}, defaults: Decided = {}): Record<string, Distribution> {
    const values: Record<string, Distribution> = {};
    for (const [name, parameter] of Object.entries({ ...PARAMETERS[kind], ...defaults })) {
      if (parameter === undefined || (Object.hasOwn(decided, name) && decided[name] === undefined)) continue;
      values[name] = this.resolve(kind, owner, { name, decided: decided[name], fallback: parameter });
    }
    return values;
  }

  /** What the scenario says about one parameter of one part, if it says anything. */
  override(kind: PartKind, owner: string, name: string): Distribution | undefined {
    return this.own(`${kind}.${owner}.${name}`) ?? this.own(`${kind}.${name}`);
  }

  /** Settles a value after its part was made, as sizing does. */
  settle(path: string, parameter: Parameter | PlannedParameter): void {
    const range = parameter.range === undefined ? {} : { range: parameter.range };
    const { value, unit, source, date, kind } = parameter;
    this.used.set(path, { path, value, unit, source, date, kind, ...range });
  }

  /** Every parameter that some part uses, by path. */
  listed(): PlannedParameter[] {
    return [...this.used.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  private resolve(kind: PartKind, owner: string, o: { name: string; decided: Parameter | undefined; fallback: Parameter }) {
    const own = this.own(`${kind}.${owner}.${o.name}`);
    const general = this.own(`${kind}.${o.name}`);
    const given = own ?? general;
    if (given !== undefined) {
      const path = own === undefined ? `${kind}.${o.name}` : `${kind}.${owner}.${o.name}`;
      this.settle(path, { value: given, unit: o.fallback.unit, source: FROM_SCENARIO, date: ASSUMED_ON, kind: 'assumed' });
      return given;
    }
    // What was decided may be the default itself, which then is not the owner's own.
    if (o.decided === undefined || o.decided === o.fallback) this.settle(`${kind}.${o.name}`, o.fallback);
    else this.settle(`${kind}.${owner}.${o.name}`, o.decided);
    return (o.decided ?? o.fallback).value;
  }

  private own(path: string): Distribution | undefined {
    return Object.hasOwn(this.overrides, path) ? this.overrides[path] : undefined;
  }
}
