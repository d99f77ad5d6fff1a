import type { Baseline } from '../../domain/baseline.ts';
import type { Change } from '../../domain/comparison.ts';
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
  return [
    ...told('conditions', changesOf(conditions(before), conditions(now))),
    ...told('scenario', changesOf(before.scenario_data, now.scenario_data)),
    ...told('prices', priceChanges(before.prices, now.prices)),
    ...told('parameters', parameterChanges(before.parameters, now.parameters)),
    ...told('placements', placed),
  ];
}

/** Items and parts that one side alone uses follow from its placements, which are told. */
function priceChanges(before: Baseline['prices'], now: Baseline['prices']): Change[] {
  const both = Object.keys(now).filter((item) => before[item] !== undefined);
  return both.flatMap((item) => changesOf(before[item]?.join(', '), now[item]?.join(', '), item));
}

function parameterChanges(before: Baseline['parameters'], now: Baseline['parameters']): Change[] {
  const plain = (path: string) => path.replace(/ \([^()]*\)$/, '');
  const valueIn = (table: Baseline['parameters'], path: string) => {
    const [value, unit] = table[path] ?? table[plain(path)] ?? [];
    return typeof value === 'number' ? `${value} ${unit}` : value;
  };
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return paths.flatMap((path) => {
    const [a, b] = [valueIn(before, path), valueIn(now, path)];
    return a === undefined || b === undefined ? [] : changesOf(a, b, path);
  });
}
