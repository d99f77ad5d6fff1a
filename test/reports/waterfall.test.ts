import { describe, expect, it } from 'vitest';
import { decimalTicks } from '../../reports/charts/axes.ts';
import { waterfall } from '../../reports/charts/waterfall.ts';
import { criticalPath, phasesOf } from '../../reports/critical-path.ts';
import { html } from '../../reports/html/html.ts';
import { waterfallRows } from '../../reports/waterfall-rows.ts';
import { reportOf } from './fixture.ts';
import { traceFixture } from './fixture-trace.ts';

const trace = traceFixture();
const said = criticalPath(trace).map(({ span, from_us, to_us }) => `${span.phase} ${from_us / 1000}-${to_us / 1000}`);

describe('the critical path', () => {
  it('follows whoever was waited for, and of two at once the one that was back last', () => {
    expect(said).toEqual([
      'network 0-10',
      'queue 10-40',
      'compute 40-50',
      'store 50-80',
      'channel 80-84',
      'network 84-90',
      'network 90-100',
    ]);
  });

  it('adds up to the latency', () => {
    const phases = phasesOf(criticalPath(trace));
    expect(phases.reduce((sum, { us }) => sum + us, 0)).toBe(trace.latency_us);
    expect(phases.map(({ phase }) => phase)).toEqual(['queue', 'store', 'network', 'compute', 'channel']);
  });
});

describe('the waterfall', () => {
  const { rows, afterwards } = waterfallRows(trace);

  it('has a line for every hop, with what its time went into, and sets apart what nobody waited for', () => {
    expect(rows.map((row) => `${row.depth} ${row.name.slice(0, 10)} ${row.pieces.map((piece) => piece.phase)}`)).toEqual([
      '0 check-out ',
      '1 <script>al queue,compute',
      '2 read carts store',
      '2 read stock store',
      '2 send order channel',
    ]);
    expect(afterwards).toEqual([{ name: 'fulfil', done_us: 900_000 }]);
  });

  it('escapes every name, and says in words what it shows', () => {
    const svg = waterfall({ width: 370, label: 'a "label" <b>', rows, latency_us: trace.latency_us });
    expect(svg).not.toContain('<script>');
    expect(svg).toContain('aria-label="a &quot;label&quot; &lt;b&gt;"');
    expect(svg).toContain('&lt;script&gt;alert');
  });

  it('draws in proportion', () => {
    const svg = waterfall({ width: 1004, label: '', rows, latency_us: trace.latency_us });
    expect(svg).toMatch(/<rect x="102" y="\d+" width="300" height="9" fill="var\(--s1\)">/);
  });

  it('stands in the page where there are traces, and nowhere else', async () => {
    const report = reportOf();
    expect(await html(report)).not.toContain('id="waterfall"');
    const [row] = report.strategies;
    if (row) row.traces = [trace, { ...trace, picks: ['sampled'], operation: 'only-sampled' }];
    const page = await html(report);
    expect(page).toContain('100 ms: queue 30 ms, store 30 ms, network 26 ms, compute 10 ms, channel 4 ms.');
    expect(page).toContain('Nobody waited for: fulfil done at 900 ms.');
    expect(page).not.toContain('only-sampled');
    expect(page).not.toContain('<script>');
  });
});

it('ticks are round', () => {
  expect(decimalTicks(376, 4)).toEqual([0, 100, 200, 300]);
  expect(decimalTicks(52_800, 4)).toEqual([0, 20_000, 40_000]);
});
