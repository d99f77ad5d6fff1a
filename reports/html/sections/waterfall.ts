import type { Trace } from '../../../simulator/domain/trace.ts';
import { waterfall as drawn, MOST_ROWS, PHASE_COLOURS } from '../../charts/waterfall.ts';
import { criticalPath, type Phase, phasesOf } from '../../critical-path.ts';
import { ms } from '../../figures.ts';
import type { Row } from '../../rows.ts';
import { counted, listed, plain } from '../../text.ts';
import { waterfallRows } from '../../waterfall-rows.ts';
import { html, type Markup, NOTHING, trusted } from '../markup.ts';
import { aside, block, figure, folded, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** Where single requests spend their time: of each operation the slowest and a typical one, hop by hop. */
export function waterfall({ rows }: Page): Section {
  const traced = rows.filter((row) => picked(row).length > 0);
  return {
    id: 'waterfall',
    short: 'Waterfall',
    title: 'Single requests',
    lead: html`Of each operation the slowest request of the first seed that was served, and one beside the median. A line is a hop, from
      left to right in time; what stands above it is its name and how long it took. Thin grey is the way between parts.`,
    body: traced.length === 0 ? '' : html`${key()}${traced.map((row, i) => strategy(row, i === 0))}`,
  };
}

function picked(row: Row): Trace[] {
  return (row.strategy.traces ?? []).filter((trace) => trace.picks.some((pick) => pick !== 'sampled'));
}

const PHASE_WORDS: Readonly<Record<Phase, string>> = {
  queue: 'waiting for a slot, a core, a connection or a row',
  'cold-start': 'cold start',
  compute: 'CPU, GPU, third parties',
  store: 'store',
  channel: 'channel',
  network: 'network and platform',
  'back-off': 'between attempts',
};

function key(): Markup {
  const items = Object.entries(PHASE_WORDS).map(
    ([phase, words]) => html`<li><span class="name">${block(PHASE_COLOURS[phase as Phase])}${words}</span></li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

/** Folded except for the first, which is the chosen one where there is one. */
function strategy(row: Row, isFirst: boolean): Markup {
  const traces = picked(row);
  const slowest = traces.reduce((a, b) => (b.latency_us > a.latency_us ? b : a));
  const most = html`slowest of all: <bdi>${plain(slowest.operation)}</bdi>, ${ms(slowest.latency_us / 1000)}`;
  const charts = html`<div class="grid pairs">${traces.map(panel)}</div>`;
  return isFirst
    ? html`<h3>${named(row)}</h3><p class="note">${most}</p>${charts}`
    : folded(html`${named(row)}${aside(most)}`, charts);
}

function panel(trace: Trace): Markup {
  const { rows, afterwards } = waterfallRows(trace);
  const parts = phasesOf(criticalPath(trace)).map(({ phase, us }) => `${phase.replace('-', ' ')} ${ms(us / 1000)}`);
  const pick = listed(trace.picks.map((one) => (one === 'median' ? 'at the median' : one)));
  const sum = `${ms(trace.latency_us / 1000)}: ${parts.join(', ')}`;
  const more = rows.length > MOST_ROWS ? ` ${counted(rows.length - MOST_ROWS, 'later hop')} below.` : '';
  const late = afterwards.map(({ name, done_us }) => `${plain(name)} done at ${ms(done_us / 1000)}`);
  return figure({
    title: `${plain(trace.operation)}, ${pick}`,
    note: html`${sum}.${more}${late.length > 0 ? html`<br>Nobody waited for: ${late.join(', ')}.` : ''}`,
    chart: trusted(
      drawn({ width: 370, label: `${plain(trace.operation)}, ${pick}. ${sum}.`, rows, latency_us: trace.latency_us }),
    ),
    behind: trace.picks.includes('slowest') ? folded('Span by span', spans(trace)) : NOTHING,
  });
}

/** Spans in a table; a trace of a thousand messages has more than anybody reads. */
const MOST_SPANS = 60;

function spans(trace: Trace): Markup {
  const start = trace.spans[0]?.start_us ?? 0;
  const left = trace.spans.length - MOST_SPANS + trace.dropped;
  const rows = trace.spans
    .slice(0, MOST_SPANS)
    .map((span) => [
      html`<bdi>${span.name}</bdi>${span.has_failed ? aside(String(span.attributes['error.type'] ?? 'failed')) : ''}`,
      html`<bdi>${span.part}</bdi>`,
      num(ms((span.start_us - start) / 1000)),
      num(ms(span.duration_us / 1000)),
    ]);
  const head = ['Span', 'Part', num('From'), num('For')];
  return html`${table({ label: `Spans of ${trace.operation}`, kind: 'small', head, rows })}
    ${left > 0 ? html`<p class="note">And ${counted(left, 'more', 'more')}; export --what spans has them.</p>` : ''}`;
}
