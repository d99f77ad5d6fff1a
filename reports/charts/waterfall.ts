import type { Phase } from '../critical-path.ts';
import { ms } from '../figures.ts';
import { plain, shortened } from '../text.ts';
import type { WaterfallRow } from '../waterfall-rows.ts';
import { decimalTicks, tickMs } from './axes.ts';
import { attribute } from './canvas.ts';

/** Colour of each phase: those that only wait are warm. */
export const PHASE_COLOURS: Readonly<Record<Phase, string>> = {
  queue: 'var(--s1)',
  'cold-start': 'var(--s3)',
  compute: 'var(--s0)',
  store: 'var(--s2)',
  channel: 'var(--s4)',
  network: 'var(--rest)',
  'back-off': 'var(--s5)',
};

/** Hops that a chart shows; those beyond stand in the numbers behind it. */
export const MOST_ROWS = 24;

const ROW = 30;
const AXIS = 22;

/**
 * One request from left to right, a line a hop: its name and time above, below it what the time went into.
 *
 * Drawn by hand, since a page has a hundred of them and the chart library takes ten milliseconds for each.
 */
export function waterfall(o: { width: number; label: string; rows: readonly WaterfallRow[]; latency_us: number }): string {
  const rows = o.rows.slice(0, MOST_ROWS);
  const height = rows.length * ROW + AXIS;
  const [left, right] = [2, o.width - 2];
  const most = Math.max(o.latency_us, 1);
  const x = (us: number) => Math.round((left + (Math.min(us, most) / most) * (right - left)) * 10) / 10;
  const ticks = decimalTicks(most, 4).map((us) => {
    const anchor = us === 0 ? 'start' : x(us) > o.width - 24 ? 'end' : 'middle';
    return `<line x1="${x(us)}" x2="${x(us)}" y1="0" y2="${height - AXIS + 4}" stroke="var(--rule)"/>${text(x(us), height - 4, tickMs(us / 1000), anchor)}`;
  });
  const lines = rows.map((row, i) => line(row, { y: i * ROW, x, width: o.width }));
  const open = `<svg class="chart" role="img" aria-label="${attribute(o.label)}" width="${o.width}" height="${height}"`;
  return `${open} viewBox="0 0 ${o.width} ${height}" fill="currentColor">${ticks.join('')}${lines.join('')}</svg>`;
}

function line(row: WaterfallRow, o: { y: number; x: (us: number) => number; width: number }): string {
  const { x, y } = o;
  const bar = (from: number, to: number, b: { fill: string; top: number; height: number; title?: string }) => {
    const title = b.title ? `<title>${attribute(plain(b.title))}</title>` : '';
    const width = Math.max(1, Math.round((x(to) - x(from)) * 10) / 10);
    return `<rect x="${x(from)}" y="${y + b.top}" width="${width}" height="${b.height}" fill="${b.fill}">${title}</rect>`;
  };
  const time = ms((row.to_us - row.from_us) / 1000);
  const name = `${shortened(plain(row.name), 30)}  ${time}${row.hasFailed ? '  ✗' : ''}`;
  // A name that begins too far to the right to fit ends where its bar does.
  const isLate = x(row.from_us) + name.length * 6.4 > o.width;
  const label = text(
    isLate ? Math.max(x(row.to_us), name.length * 6.4) : x(row.from_us),
    y + 13,
    name,
    isLate ? 'end' : 'start',
    'var(--ink)',
  );
  const whole = bar(row.from_us, row.to_us, { fill: PHASE_COLOURS.network, top: 20, height: 3, title: `${row.name}: ${time}` });
  const pieces = row.pieces.map((piece) =>
    bar(piece.from_us, piece.to_us, {
      fill: PHASE_COLOURS[piece.phase],
      top: 17,
      height: 9,
      title: `${piece.name}: ${ms((piece.to_us - piece.from_us) / 1000)}`,
    }),
  );
  return label + whole + pieces.join('');
}

function text(x: number, y: number, words: string, anchor: string, fill = 'currentColor'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${fill}">${attribute(words)}</text>`;
}
