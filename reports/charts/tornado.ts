import { shortened } from '../text.ts';
import { type Canvas, drawn } from './canvas.ts';

/** One changed number: where the figure went, and what to say at the end of the bar. */
export interface TornadoBar {
  name: string;
  isMore: boolean;
  value: number;
  note: string;
}

export interface TornadoOptions {
  width: number;
  label: string;
  base: number;
  bars: readonly TornadoBar[];
  format: (value: number) => string;
}

const HALF = 15;

/** For each number a bar from the unchanged figure to what less of it gives, hollow, and one to what more gives, filled. */
export function tornado(canvas: Canvas, o: TornadoOptions): string {
  const { Plot } = canvas;
  const isNarrow = o.width < 500;
  const names = [...new Set(o.bars.map((bar) => bar.name))];
  const marginLeft = isNarrow ? 8 : Math.max(...names.map((name) => shortened(name, 40).length)) * 7 + 16;
  const row = isNarrow ? 2 * HALF + 22 : 2 * HALF + 6;
  const padding = { paddingInner: (row - 2 * HALF) / row, paddingOuter: (row - 2 * HALF) / row / 2 };
  const ticks = isNarrow ? 3 : 6;
  return drawn(canvas, o.label, {
    width: o.width,
    height: names.length * row + 44,
    marginLeft,
    marginRight: 8,
    marginTop: isNarrow ? 20 : 6,
    marginBottom: 28,
    x: { domain: domainOf(o, o.width - marginLeft - 8) },
    y: { axis: null, domain: names, ...padding, label: null },
    marks: [
      Plot.gridX({ ticks, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ ticks, tickSize: 0, tickFormat: o.format, label: null }),
      ...[false, true].flatMap((isMore) => barMarks(canvas, o, isMore)),
      Plot.ruleX([o.base], { stroke: 'var(--ink)', strokeWidth: 1.5 }),
      nameMark(canvas, names, isNarrow),
    ],
  });
}

function nameMark({ Plot }: Canvas, names: string[], isNarrow: boolean) {
  const text = (name: string) => shortened(name, 40);
  if (!isNarrow) return Plot.axisY({ tickSize: 0, label: null, text, fill: 'var(--ink)' });
  return Plot.text(names, {
    frameAnchor: 'left',
    y: (name: string) => name,
    text,
    textAnchor: 'start',
    dy: -HALF - 8,
    fill: 'var(--ink)',
    stroke: 'var(--surface)',
    strokeWidth: 5,
  });
}

function barMarks({ Plot }: Canvas, o: TornadoOptions, isMore: boolean) {
  const bars = o.bars.filter((bar) => bar.isMore === isMore);
  const colour = isMore ? 'var(--s1)' : 'var(--s0)';
  const inset = isMore ? { insetTop: HALF + 1, insetBottom: 1 } : { insetTop: 1, insetBottom: HALF + 1 };
  const text = (side: (bar: TornadoBar) => boolean, textAnchor: 'start' | 'end') =>
    Plot.text(bars.filter(side), {
      x: 'value',
      y: 'name',
      text: 'note',
      textAnchor,
      dx: textAnchor === 'start' ? 6 : -6,
      dy: (isMore ? 1 : -1) * (HALF / 2),
      fill: 'var(--ink)',
    });
  return [
    Plot.barX(bars, {
      y: 'name',
      x1: o.base,
      x2: 'value',
      fill: isMore ? colour : 'var(--surface)',
      stroke: colour,
      strokeWidth: 1.5,
      title: (bar: TornadoBar) => `${bar.name}: ${o.format(bar.value)}`,
      ...inset,
    }),
    text((bar) => bar.value >= o.base, 'start'),
    text((bar) => bar.value < o.base, 'end'),
  ];
}

/** From the lowest to the highest figure, with room for what stands at the ends of the bars; letters are 7 pixels wide. */
function domainOf({ base, bars }: TornadoOptions, width: number): [number, number] {
  const ends = (isRight: boolean) => bars.filter((bar) => bar.value >= base === isRight);
  const room = (isRight: boolean) => Math.max(0, ...ends(isRight).map((bar) => bar.note.length * 7 + 14));
  const [low, high] = [Math.min(base, ...bars.map((bar) => bar.value)), Math.max(base, ...bars.map((bar) => bar.value))];
  const span = high > low ? high - low : Math.max(base, 1) / 10;
  const scale = span / Math.max(60, width - room(true) - room(false));
  return [low - room(false) * scale, high + room(true) * scale];
}
