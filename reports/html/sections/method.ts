import type { Report } from '../../../simulator/domain/report.ts';
import { between, clock, duration, large, law } from '../../figures.ts';
import { counted } from '../../text.ts';
import { html, type Markup, NOTHING } from '../markup.ts';
import { aside, below, folded, type Page, type Section } from '../parts.ts';
import { table } from '../table.ts';

type Parameter = Report['parameters'][number];

/** How each number was obtained: what was run, how figures are computed, and every parameter with its source. */
export function method(page: Page): Section {
  return {
    id: 'method',
    short: 'Method',
    title: 'How these numbers were obtained',
    body: html`${how(page)}${parameters(page.report.parameters)}`,
  };
}

function how({ report, rows }: Page): Markup {
  const { scenario, seeds, machine } = report;
  const speeds = rows.flatMap((row) => row.strategy.speed ?? []);
  const [first, last] = [seeds[0], seeds[seeds.length - 1]];
  const facts: [string, string][] = [
    ['Made by', `placement-lab ${report.version}, ${report.world} world`],
    [
      'Seeds',
      seeds.length === 1
        ? String(first)
        : `${first} to ${last}: ${counted(seeds.length, 'run')} of every strategy, all from the same traffic`,
    ],
    [
      'Run',
      scenario.cut_start_s > 0
        ? `${duration(scenario.duration_s)}, cut from ${clock(scenario.cut_start_s)} of the schedule`
        : duration(scenario.duration_s),
    ],
    [
      'Counted',
      `operations intended from ${clock(scenario.warmup_s)} until ${clock(scenario.duration_s)}; what comes before warms up`,
    ],
    [
      'Percentiles',
      'of the merged histograms of all seeds, in buckets at most .8 % wide; none where fewer than ten samples lie beyond it',
    ],
    ['Intervals', '95 %, by the t distribution over the seeds'],
    ['Month', 'the bill of a run, times 730 hours over its length; volume tiers and free tier only where it says so'],
  ];
  const mean = (key: 'requests_per_s' | 'events_per_s') => speeds.reduce((sum, one) => sum + one[key], 0) / speeds.length;
  if (speeds.length > 0) {
    facts.push([
      'Speed',
      `${large(mean('requests_per_s'))} requests and ${large(mean('events_per_s'))} events a second and thread`,
    ]);
  }
  if (machine)
    facts.push([
      'Machine',
      [
        machine.cpu,
        counted(machine.cores, 'core'),
        counted(machine.threads, 'thread'),
        `Node ${machine.node}`,
        `took ${duration(machine.wall_s)}`,
        `started ${machine.started_at}`,
      ].join(', '),
    ]);
  return table({ label: 'How these numbers were obtained', kind: 'text', head: ['What', 'How'], rows: facts });
}

const KINDS = { measured: 'measured', documented: 'documented', assumed: 'assumed' } as const;

function parameters(all: readonly Parameter[]): Markup {
  if (all.length === 0) return NOTHING;
  const groups = new Map<string, Parameter[]>();
  for (const parameter of all) {
    const group = parameter.path.split('.')[0] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), parameter]);
  }
  const counts = Object.keys(KINDS).map((kind) => `${all.filter((one) => one.kind === kind).length} ${kind}`);
  return html`
    <h3>Parameters</h3>
    <p>${counted(all.length, 'number')} from outside the program: ${counts.join(', ')}.
    An assumed one has no evidence that bounds it better than its range. Change any
    of them with <code>--set path=value</code>.</p>
    ${[...groups].map(([name, group]) => groupOf(name, group))}`;
}

function groupOf(name: string, group: readonly Parameter[]): Markup {
  const assumed = group.filter((one) => one.kind === 'assumed').length;
  const note = `${counted(group.length, 'number')}${assumed > 0 ? `, ${assumed} assumed` : ''}`;
  const body = table({
    label: `Parameters of ${name}`,
    kind: 'small text',
    head: ['Path', 'Value', 'Unit', 'How known', 'Date', 'Source'],
    rows: group.map((one) => [
      html`<code>${one.path}</code>`,
      law(one.value),
      one.unit,
      html`${KINDS[one.kind]}${one.range ? below(between(one.range, law)) : ''}`,
      one.date,
      one.source,
    ]),
  });
  return folded(html`<bdi>${name}</bdi>${aside(note)}`, body);
}
