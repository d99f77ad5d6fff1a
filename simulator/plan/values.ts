import type { Distribution } from '../domain/distribution.ts';
import type { PartKind, PlannedParameter } from '../domain/plan.ts';
import type { Parameter } from '../domain/sourced.ts';
import { ASSUMED_ON } from './parameters/cite.ts';
import { PARAMETERS } from './parameters/index.ts';

/** Source of a number that the scenario sets. */
export const FROM_SCENARIO = 'scenario';

/** Numbers that were measured on one machine, by path. */
export type Measured = ReadonlyMap<string, Parameter>;

/** A value that belongs to one part only, such as its instance's cores: listed under the owner's name. `undefined`: it has no use for it. */
export type Decided = Readonly<Record<string, Parameter | undefined>>;

/**
 * Resolves parameters and remembers which ones were used.
 *
 * The scenario's number for one owner wins over its number for the kind, then what was measured, then what placement and sizing decided,
 * then defaults.
 */
export class Values {
  private readonly overrides: Readonly<Record<string, Distribution>>;
  private readonly measured: Measured;
  private readonly used = new Map<string, PlannedParameter>();

  constructor(overrides: Readonly<Record<string, Distribution>>, measured: Measured = new Map()) {
    this.overrides = overrides;
    this.measured = measured;
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

  /** What the scenario says about one parameter of one part, else what was measured, if there is either. */
  override(kind: PartKind, owner: string, name: string): Distribution | undefined {
    const [own, general] = [`${kind}.${owner}.${name}`, `${kind}.${name}`];
    return this.own(own) ?? this.own(general) ?? (this.measured.get(own) ?? this.measured.get(general))?.value;
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
    const path = [`${kind}.${owner}.${o.name}`, `${kind}.${o.name}`].find((name) => this.measured.has(name));
    const measured = path === undefined ? undefined : this.measured.get(path);
    if (path !== undefined && measured !== undefined) {
      this.settle(path, measured);
      return measured.value;
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
