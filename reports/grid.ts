import Table from 'cli-table3';
import type picocolors from 'picocolors';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Columns two spaces apart under a plain heading: no frame that a screen reader would spell out. */
export function grid(o: { head: string[]; rows: string[][]; isText: boolean[]; colours: Colours }): string {
  const none = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'];
  const blank = [...none, 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
  const table = new Table({
    head: o.head.map((text) => o.colours.bold(text)),
    colAligns: o.isText.map((isText) => (isText ? 'left' : 'right')),
    chars: { ...Object.fromEntries(blank.map((name) => [name, ''])), middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...o.rows);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
