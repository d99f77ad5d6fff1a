import type { Plan } from '../../domain/plan.ts';
import type { Journalled } from './journal.ts';

/** What the platform has counted of one function since it was made. */
export interface FunctionMetrics {
  invocations: number;
  colds: number;
  gb_s: number;
  /** In provisioned environments. */
  provisioned_gb_s: number;
  alive: number;
  busy: number;
  alive_ms: number;
  busy_ms: number;
  /** Processes of the environments that are alive. */
  pids: number[];
  /** What it said of calls that it ended itself, and how often. */
  ends: Readonly<Record<string, number>>;
}

/** Of a function in an emulator, which counts nothing. */
export const UNCOUNTED: FunctionMetrics = {
  invocations: 0,
  colds: 0,
  gb_s: 0,
  provisioned_gb_s: 0,
  alive: 0,
  busy: 0,
  alive_ms: 0,
  busy_ms: 0,
  pids: [],
  ends: {},
};

/** Each thing that the platform said of calls that it ended, as a failure of the function. */
export function endsOf({ parts }: Plan, functions: ReadonlyMap<number, FunctionMetrics>): Journalled['failures'] {
  return [...functions].flatMap(([i, { ends }]) =>
    Object.entries(ends).map(([message, count]) => ({ component: parts[i]?.path ?? '', message, count })),
  );
}

type Answer = FunctionMetrics & { concurrent: number; environments: { pid: number }[]; log: string };

/** What the own runtime reports of a function, and what its newest environment has said last; `url` is the function's place in it. */
export async function readReport(url: string): Promise<{ metrics: FunctionMetrics; log: string }> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) });
  const found = (await answer.json()) as Answer;
  const pids = found.environments.map(({ pid }) => pid);
  return { metrics: { ...found, busy: found.concurrent, alive: pids.length, pids }, log: found.log };
}
