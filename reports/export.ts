import type { Report, StrategyReport } from '../simulator/domain/report.ts';
import { bucketOf } from './histogram.ts';

/** A line of an export: null where nobody knows, and left out where the column means nothing for this line. */
export type Line = Readonly<Record<string, string | number | null | undefined>>;

export interface Table {
  description: string;
  /** In the order of the file; what a column holds where its name and unit do not say it all. */
  columns: Readonly<Record<string, string>>;
}

const ROW = { strategy: '', controller: '', rate: 'times the arrivals of the workload' } as const;

/** What can be exported, a table each. Every name carries its unit; a name without one is a count or a word. */
export const TABLES = {
  timelines: {
    description: 'operations, pools and lags over run time, a line a slice',
    columns: {
      ...ROW,
      kind: 'operations, pool or lag: which of the columns behind at_s are filled',
      name: 'all, the pool, or event -> component',
      at_s: 'start of the slice in run time',
      sent: 'operations intended in the slice, mean over seeds; served and failed likewise',
      served: '',
      failed: '',
      p50_ms: 'mean of the operations, weighted by what each served; p95_ms likewise',
      p95_ms: '',
      wanted: 'instances that the controller wanted, in the first seed; ready to queued likewise',
      ready: '',
      starting: '',
      busy: 'slots at work',
      queued: '',
      demand: 'instances that somebody who knew every arrival would have had',
      interrupted: 'notices to spot machines since the sample before; empty for none',
      because: 'why the controller changed its mind',
      done: 'messages published in the slice and done later, all seeds together',
      lag_mean_ms: 'from published to done',
    },
  },
  latency: {
    description: 'latencies of served operations as a histogram, a line a bucket, all seeds together',
    columns: {
      ...ROW,
      operation: '',
      from_ms: 'lowest latency of the bucket',
      below_ms: 'first latency above it',
      count: 'operations served with such a latency',
    },
  },
  ledger: {
    description: 'every effect of every run, a line each; only from a scenario, which is played for it',
    columns: {
      strategy: '',
      controller: 'only where --controller is given',
      rate: 'times the arrivals of the workload',
      seed: '',
      at_ms: 'run time',
      kind: 'the effect',
      entity: 'number of the action that made the post, order, ... it is about',
      cause: 'number of the publication that it follows from; -1 for the operation itself',
      part: 'where it happened',
      attempt: '',
      count: 'messages that an accepted entity promises, else 1',
    },
  },
} as const satisfies Record<string, Table>;
export type TableName = keyof typeof TABLES;

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The table of a report that has one in it, as text. */
export function exported(report: Report, name: 'timelines' | 'latency', format: ExportFormat): string {
  const lines = report.strategies.flatMap(name === 'timelines' ? timelinesOf : latencyOf);
  return [headOf(name, format), ...lines.map((line) => lineOf(line, { name, format }))].join('');
}

/** The first line: names of columns in CSV, nothing in NDJSON. */
export function headOf(name: TableName, format: ExportFormat): string {
  return format === 'csv' ? `${Object.keys(TABLES[name].columns).join(',')}\n` : '';
}

/** One line with its end. Quoted as RFC 4180 says; what is not known is empty in CSV and null in NDJSON. */
export function lineOf(line: Line, { name, format }: { name: TableName; format: ExportFormat }): string {
  const columns = Object.keys(TABLES[name].columns);
  if (format === 'csv') return `${columns.map((column) => quoted(line[column])).join(',')}\n`;
  return `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, line[column]])))}\n`;
}

function quoted(value: Line[string]): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const rowOf = ({ name, controller, rate }: StrategyReport) => ({ strategy: name, controller, rate });

function timelinesOf(strategy: StrategyReport): Line[] {
  const row = rowOf(strategy);
  const operations = strategy.timeline.map((slice): Line => ({ ...row, kind: 'operations', name: 'all', ...slice }));
  const pools = strategy.pools.flatMap(({ name, timeline }) =>
    timeline.map((sample): Line => ({ ...row, kind: 'pool', name, ...sample })),
  );
  const lags = strategy.lags.flatMap(({ event, component, timeline }) =>
    timeline.map(
      ({ at_s, done, mean_ms }): Line => ({
        ...row,
        kind: 'lag',
        name: `${event} -> ${component}`,
        at_s,
        done,
        lag_mean_ms: mean_ms,
      }),
    ),
  );
  return [...operations, ...pools, ...lags];
}

function latencyOf(strategy: StrategyReport): Line[] {
  return strategy.operations.flatMap(({ name: operation, latency_ms: { histogram } }) =>
    histogram.buckets.map(([bucket, count]): Line => {
      const { low, width } = bucketOf(bucket);
      return { ...rowOf(strategy), operation, from_ms: low / 1000, below_ms: (low + width) / 1000, count };
    }),
  );
}
