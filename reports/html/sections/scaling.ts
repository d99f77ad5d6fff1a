import type { PoolReport } from '../../../simulator/domain/report.ts';
import { joined } from '../../charts/downsample.ts';
import { peakOf, poolChart } from '../../charts/pool-chart.ts';
import { faultsInWindow } from '../../faults.ts';
import { amount, clock, percent } from '../../figures.ts';
import { interruptionWords } from '../../interruptions.ts';
import type { Row } from '../../rows.ts';
import { counted, plain } from '../../text.ts';
import { html, type Markup, trusted } from '../markup.ts';
import { aside, block, figure, folded, line, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** How many instances each pool wanted, had and would have needed, and what its controller gave as reasons. */
export function scaling(page: Page): Section {
  const rows = page.rows.filter((row) => row.strategy.pools.length > 0);
  return {
    id: 'scaling',
    short: 'Scaling',
    title: 'Scaling',
    lead: html`Instances of every pool in the run of the first seed. Demand is what somebody who knew every arrival beforehand
      would have had.`,
    body: rows.length === 0 ? '' : html`${keyOf(rows)}${rows.map((row, i) => strategyPools(page, row, i === 0))}`,
  };
}

/** The mark of interruptions stands in it only where machines are bought on spot. */
function keyOf(rows: readonly Row[]): Markup {
  const hasSpot = rows.some((row) => row.strategy.pools.some((pool) => pool.interruptions !== undefined));
  return html`
  <ul class="legend">
  <li><span class="name">${block('var(--ready)')}ready</span></li>
  <li><span class="name">${line('var(--wanted)', { width: 2.5, dash: 'none' })}wanted by the controller</span></li>
  <li><span class="name">${line('var(--demand)', { width: 2.5, dash: '4 2.5' })}demand</span></li>
  ${hasSpot ? html`<li><span class="name">▼ spot machines got their notice</span></li>` : ''}
  </ul>`;
}

function strategyPools(page: Page, row: Row, isOpen: boolean): Markup {
  const { pools } = row.strategy;
  const hours = pools.reduce((sum, pool) => sum + pool.elasticity.instance_hours, 0);
  const body = html`
    <div class="grid">${pools.map((pool) => panel(page, pool))}</div>
    ${elasticity(pools)}${reasons(pools)}${samples(pools)}`;
  const summary = html`${named(row)}${aside(`${counted(pools.length, 'pool')}, ${amount(hours)} instance hours a run`)}`;
  return isOpen
    ? html`<details open><summary>${summary}</summary><div class="inside">${body}</div></details>`
    : folded(summary, body);
}

function panel(page: Page, pool: PoolReport): Markup {
  const most = (key: 'wanted' | 'ready' | 'demand') => amount(Math.max(0, ...pool.timeline.map((sample) => sample[key])));
  const peaks = `at most ${most('ready')} ready, ${most('wanted')} wanted, ${most('demand')} needed`;
  const spot = interruptionWords(pool) === '' ? '' : `; ${interruptionWords(pool)}`;
  const label = `Instances of ${plain(pool.name)} over run time: ${peaks}${spot}.`;
  const { duration_s } = page.report.scenario;
  const queued = Math.max(0, ...pool.timeline.map((sample) => sample.queued));
  return figure({
    title: plain(pool.name),
    note: html`${pool.controller}${queued > 0 ? `; at most ${amount(queued)} waiting` : ''}${spot}`,
    chart: trusted(poolChart(page.canvas, pool, { width: 320, label, duration_s, faults: faultsInWindow(page.report) })),
  });
}

function elasticity(pools: readonly PoolReport[]): Markup {
  return html`
    <h3>How well supply followed demand</h3>
    <p class="note">Mean over seeds. Cost to demand: instances and twenty for each that is missing, over what was needed (1 is the best).
    Too few and too many: instances missing and instances idle, on average over the run. Unserved: share of the demand, in instances, that was not
    there. Time with too few or too many: share of the run. Jitter: changes of supply a minute beyond those of demand. Deviation: fifth root of the sum
    of fifth powers of missing and idle relative to demand, time of either, and time in which supply and demand moved apart, each in per cent.</p>
    ${table({
      label: 'Elasticity of every pool',
      kind: 'small tight',
      head: [
        'Pool',
        ...[
          'Cost to demand',
          'Unserved',
          'Too few',
          'Too many',
          'Time too few',
          'Time too many',
          'Jitter a minute',
          'Deviation',
          'Instance hours',
          'Cold starts',
          'Calls',
        ].map((text) => num(text)),
      ],
      rows: pools.map(({ name, elasticity: e, cold_starts, calls }) => [
        html`<bdi>${name}</bdi>`,
        num(amount(e.cost_ratio ?? null)),
        num(percent(e.unserved_pct === undefined || e.unserved_pct === null ? null : e.unserved_pct / 100)),
        ...[e.accuracy_under, e.accuracy_over].map((instances) => num(amount(instances))),
        ...[e.timeshare_under, e.timeshare_over].map((share) => num(percent(share))),
        ...[e.jitter_per_min, e.deviation ?? null, e.instance_hours, cold_starts, calls].map((value) => num(amount(value))),
      ]),
    })}`;
}

const REASONS = 24;

function reasons(pools: readonly PoolReport[]): Markup | string {
  const told = pools
    .map((pool) => ({ name: pool.name, because: pool.timeline.filter((sample) => sample.because !== undefined) }))
    .filter((one) => one.because.length > 0);
  if (told.length === 0) return '';
  const rows = told.flatMap(({ name, because }) => {
    const more = because.length - REASONS;
    const head = [
      html`<bdi>${name}</bdi>${more > 0 ? aside(`the first ${REASONS} of ${because.length}; report.json has all`) : ''}`,
    ];
    return [
      head,
      ...because
        .slice(0, REASONS)
        .map((sample) => [clock(sample.at_s), num(amount(sample.wanted)), num(amount(sample.ready)), sample.because]),
    ];
  });
  const total = told.reduce((sum, one) => sum + one.because.length, 0);
  const body = table({
    label: 'Decisions of the controllers',
    kind: 'small text',
    head: ['At', num('Wanted'), num('Ready'), 'Because'],
    rows,
  });
  return folded(html`What the controllers decided, and why${aside(counted(total, 'decision'))}`, body);
}

function samples(pools: readonly PoolReport[]): Markup {
  const rows = pools.flatMap((pool) => [
    [html`<bdi>${pool.name}</bdi>`],
    ...joined(pool.timeline, 16, peakOf).map((s) => [
      clock(s.at_s),
      ...[s.demand, s.wanted, s.ready, s.starting, s.busy, s.queued].map((n) => num(amount(n))),
    ]),
  ]);
  const head = ['From', ...['Demand', 'Wanted', 'Ready', 'Starting', 'Busy slots', 'Queued'].map((text) => num(text))];
  return folded(
    'The numbers behind these charts, at their highest in each span',
    table({ label: 'Instances over time', kind: 'small', head, rows }),
  );
}
