import type { Baseline } from '../../domain/baseline.ts';
import type { GateChange } from '../../domain/gate.ts';
import { changesOf } from '../changes.ts';

/** What went in differently: conditions, the scenario, prices, parameters, placements. Rows of one side only are no change of any of them. */
export function whyOf(before: Baseline, now: Baseline): GateChange[] {
  const conditions = ({ version, world, seeds, played, options }: Baseline) => ({
    version,
    world,
    seeds: seeds.join(', '),
    ...played,
    ...Object.fromEntries(Object.entries(options).map(([name, value]) => [`--${name}`, [value].flat().join(' ')])),
  });
  const both = Object.keys(now.rows).filter((row) => before.rows[row] !== undefined);
  const placed = both.flatMap((row) => changesOf(before.rows[row]?.placed, now.rows[row]?.placed, row));
  const told = (of: GateChange['of'], changes: ReturnType<typeof changesOf>) => changes.map((one) => ({ of, ...one }));
  const words = (table: Baseline['parameters']) =>
    Object.fromEntries(
      Object.entries(table).map(([path, [value, unit]]) => [path, typeof value === 'number' ? `${value} ${unit}` : value]),
    );
  return [
    ...told('conditions', changesOf(conditions(before), conditions(now))),
    ...told('scenario', changesOf(before.scenario_data, now.scenario_data)),
    ...told('prices', onlyBoth(before.prices, now.prices)),
    ...told('parameters', onlyBoth(words(before.parameters), words(now.parameters))),
    ...told('placements', placed),
  ];
}

/** Items that one side alone uses follow from its placements, which are told. */
function onlyBoth(before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>) {
  const keys = Object.keys(now).filter((key) => Object.hasOwn(before, key));
  const pick = (table: Readonly<Record<string, unknown>>) => Object.fromEntries(keys.map((key) => [key, table[key]]));
  return changesOf(pick(before), pick(now));
}
