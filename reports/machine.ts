import pc from 'picocolors';
import type { MachinePart } from '../simulator/domain/machine-part.ts';
import { grid } from './grid.ts';
import { wrapped } from './wrap.ts';

/** What a machine has, what each part enables, and below it how to get what is missing. */
export function machineTable(parts: readonly MachinePart[], o: { colour: boolean; width: number }): string {
  const colours = pc.createColors(o.colour);
  const table = grid({
    head: ['part', 'here', 'found', 'enables'],
    rows: parts.map(({ name, isHere, found, enables }) => [
      name,
      isHere ? colours.green('yes') : colours.yellow('no'),
      isHere ? found : '',
      enables,
    ]),
    isText: [true, true, true, true],
    colours,
  });
  const missing = parts.filter(({ isHere }) => !isHere);
  if (missing.length === 0) return table;
  const lines = missing.flatMap(({ name, get }) => wrapped(get ?? '', o.width, `  ${name}: `, '    '));
  return [table, '', 'How to get what is missing:', ...lines].join('\n');
}
