import type { Report } from '../domain/report.ts';
import type { Addresses } from '../worlds/live/contract.ts';
import type { Stack } from '../worlds/live/stacks/stack.ts';
import type { TurnRow, Turns } from '../worlds/live/turns.ts';
import type { ScenarioWords } from './scenario-options.ts';

/** What one side of a live gate is told first: everything that both have to agree on. A later major is another conversation. */
export interface SideOrder {
  schema: 'gate-side@1';
  scenario: string;
  words: Partial<ScenarioWords>;
  addresses: Addresses;
  namespace: string;
  burn_per_ms: number;
  /** Factor of the scenario's rate, which fits the machine and is the same for both. */
  rate: number;
  turns: Turns;
  /** Faults of whole parts that the keeper of the stack can do. */
  disturbs: (keyof Stack['disturb'])[];
}

/** What a side says, a JSON line each. */
export type SideWord =
  | { say: 'ready' }
  | { say: 'disturb'; what: keyof Stack['disturb']; isOver: boolean }
  | { say: 'done'; report: Report; turns: TurnRow[]; lateness_p99_ms: number; event_loop_p99_ms: number };

/** What a side is told after its order. */
export type SideAnswer = { start_ms: number } | { disturbed: keyof Stack['disturb']; isOver: boolean };

/**
 * Plays one side of a live gate on a stack that the gate keeps: this is what `--against` starts of both versions, so that neither has an
 * advantage. Orders come in on standard input, a JSON line each; it ends with that input, and everything that it made with it.
 *
 * Throws: InputError, UnavailableError, as a live run does.
 */
export async function gateSide(signal: AbortSignal): Promise<void> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const heard = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the gate is gone');
    return JSON.parse(value as string) as T;
  };
  const order = await heard<SideOrder>();
  if (order.schema !== 'gate-side@1') throw new Error(`the gate speaks ${order.schema}, this version gate-side@1`);
  const say = (word: SideWord) => void process.stdout.write(`${JSON.stringify(word)}\n`);
  const waiting = new Map<string, () => void>();
  let begun: (start_ms: number) => void = () => undefined;
  const start = new Promise<number>((resolve) => {
    begun = resolve;
  });
  const listening = (async () => {
    for (;;) {
      const answer = await heard<SideAnswer>();
      if ('start_ms' in answer) begun(answer.start_ms);
      else waiting.get(`${answer.disturbed} ${answer.isOver}`)?.();
    }
  })().catch(() => process.exit(0));
  const disturbed = (what: keyof Stack['disturb'], isOver: boolean) =>
    new Promise<void>((resolve) => {
      waiting.set(`${what} ${isOver}`, resolve);
      say({ say: 'disturb', what, isOver });
    });
  const disturb = Object.fromEntries(
    order.disturbs.map((what) => [
      what,
      async () => {
        await disturbed(what, false);
        return () => disturbed(what, true);
      },
    ]),
  ) as Stack['disturb'];
  const begin = () => {
    say({ say: 'ready' });
    return start;
  };
  say(await played(order, { disturb, signal, begin }));
  void listening;
}

async function played(
  order: SideOrder,
  o: { disturb: Stack['disturb']; signal: AbortSignal; begin(): Promise<number> },
): Promise<SideWord> {
  const { openBeside } = await import('../worlds/live/stacks/beside.ts');
  const { runCell } = await import('../worlds/live/world.ts');
  const { prepare, progressOf, simulate } = await import('./scenario.ts');
  const prepared = await prepare(order.scenario, { set: [], fault: [], ...order.words, world: 'live' });
  const stack = await openBeside(order.addresses, o.disturb);
  const seen: { lateness?: { p99_ms: number; event_loop_p99_ms: number }; turns: TurnRow[] } = { turns: [] };
  const { namespace, burn_per_ms, rate, turns } = order;
  try {
    const report = await simulate(prepared, {
      progress: progressOf(true),
      signal: o.signal,
      world: {
        name: 'live',
        runCells: async ([cell]) => {
          if (cell === undefined) throw new Error('a side without a cell');
          const live = { stack, namespace, burn_per_ms, turns, begin: o.begin, signal: o.signal };
          const { traces: _, ...plain } = cell;
          const { result, ...rest } = await runCell({ ...plain, rate }, live);
          Object.assign(seen, rest);
          return [result];
        },
      },
    });
    const { p99_ms = 0, event_loop_p99_ms = 0 } = seen.lateness ?? {};
    return { say: 'done', report, turns: seen.turns, lateness_p99_ms: p99_ms, event_loop_p99_ms };
  } finally {
    await stack.end();
  }
}
