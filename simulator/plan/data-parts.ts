import type { StorePlacement } from '../domain/placement.ts';
import type { Part } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { Parameter } from '../domain/sourced.ts';
import { connectionsOf, POSTGRES, POSTGRES_INSTANCES, POSTGRES_LOCKS } from './parameters/postgres.ts';
import type { Placed } from './place.ts';
import type { Rates } from './rates.ts';
import { unknownName } from './unknown-name.ts';
import type { Values } from './values.ts';

/** Share of its CPU that a database should need at the base peak, at most. */
const POSTGRES_USE = 0.6;

export interface StoreParts {
  /** By dataset; those on PostgreSQL share one part. */
  parts: Map<string, Part>;
  /** Why the database has the size it has, when there is one. */
  postgres?: { instance: string; because: string };
  problems: Problem[];
}

export interface StoreOptions {
  stores: ReadonlyMap<string, Placed<StorePlacement>>;
  values: Values;
  /** Everything that happens a second at the base peak. */
  rates: Rates;
  peak: number;
}

/** A part for each dataset, and one database for all that is relational. */
export function storeParts(o: StoreOptions): StoreParts {
  const parts = new Map<string, Part>();
  const result: StoreParts = { parts, problems: [] };
  const relational = [...o.stores].filter(([, { placement }]) => placement.store === 'postgres');
  if (relational.length > 0) {
    const { instance, because, problems } = postgresInstance(relational, o);
    result.problems.push(...problems);
    result.postgres = { instance, because };
    const isWritten = relational.some(([name]) => (o.rates.writes.get(name) ?? 0) > 0);
    const part = postgresPart(instance, o.values, isWritten);
    for (const [name] of relational) parts.set(name, part);
  }
  for (const [name, { placement, path }] of o.stores) {
    const { store, instance } = placement;
    if (store === 'postgres') continue;
    if (instance !== undefined) {
      result.problems.push({
        path: `${path}.instance`,
        message: `${store} has no instances`,
        expected: 'an instance with store postgres only',
      });
    }
    parts.set(name, { path: `${store}/${name}`, kind: store, owner: name, values: o.values.of(store, name), words: {} });
  }
  return result;
}

function postgresPart(instance: string, values: Values, isWritten: boolean): Part {
  const type = POSTGRES_INSTANCES[instance] ?? { vcpus: 2, memory_gb: 8 };
  const source = `AWS RDS instance types: ${instance}`;
  const decided = {
    vcpus: { ...(POSTGRES.vcpus as Parameter), value: type.vcpus, source },
    connections: connectionsOf(type.memory_gb),
    ...(isWritten ? {} : Object.fromEntries(Object.keys(POSTGRES_LOCKS).map((name) => [name, undefined]))),
  };
  return {
    path: 'postgres',
    kind: 'postgres',
    owner: 'postgres',
    values: values.of('postgres', 'postgres', decided),
    words: { instance },
  };
}

/** The instance that datasets name, else the smallest m7g with CPU to spare for what the base peak reads and writes. */
function postgresInstance(relational: readonly [string, Placed<StorePlacement>][], o: StoreOptions) {
  const problems: Problem[] = [];
  const named = relational.filter(([, { placement }]) => placement.instance !== undefined);
  for (const [, { placement, path }] of named) {
    const instance = placement.instance as string;
    if (Object.hasOwn(POSTGRES_INSTANCES, instance)) continue;
    const known = Object.keys(POSTGRES_INSTANCES);
    problems.push(unknownName(`${path}.instance`, { what: 'database instance', name: instance, known }));
  }
  const asked = new Set(named.map(([, { placement }]) => placement.instance as string));
  if (asked.size > 1) {
    const path = `${named.at(-1)?.[1].path}.instance`;
    problems.push({
      path,
      message: `one database cannot be ${[...asked].join(' and ')}`,
      expected: 'one instance type for all its datasets',
    });
  }
  const [first] = asked;
  if (first !== undefined) return { instance: first, because: 'named by the placement', problems };
  return { ...fairPostgres(relational, o), problems };
}

function fairPostgres(relational: readonly [string, Placed<StorePlacement>][], o: StoreOptions) {
  const cost = (name: 'cpu_ms_read' | 'cpu_ms_write') => {
    const value = o.values.override('postgres', 'postgres', name) ?? POSTGRES[name]?.value;
    return typeof value === 'number' ? value : 0;
  };
  let cores = 0;
  for (const [name] of relational) {
    const work = (o.rates.reads.get(name) ?? 0) * cost('cpu_ms_read') + (o.rates.writes.get(name) ?? 0) * cost('cpu_ms_write');
    cores += (work * o.peak) / 1000;
  }
  const types = Object.entries(POSTGRES_INSTANCES).filter(([name]) => name.startsWith('db.m7g'));
  const [instance] = types.find(([, type]) => type.vcpus * POSTGRES_USE >= cores) ?? (types.at(-1) as (typeof types)[number]);
  return {
    instance,
    because: `${cores.toFixed(2)} cores of work at the base peak, at most ${POSTGRES_USE * 100} % of the instance's`,
  };
}
