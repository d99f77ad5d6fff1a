import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { K6_FILES, type K6Row, type K6Shot, k6Arguments, k6Lateness, k6Rows, k6Script } from '../../../workloads/drivers/k6.ts';
import type { Plan } from '../../domain/plan.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { type Action, type ActionRow, backoffMs, type Driven, FINAL, mannersOf, outcomeOf, storyOf } from './users.ts';
import { STORY_HEADER } from './wire.ts';

/** Virtual users: a few waiting ahead, and as many as a second and a half of the rate. */
const USERS = { least: 20, most: 500, seconds: 1.5 } as const;

export interface K6Options {
  /** The program itself. */
  program: string;
  folder: string;
  port: number;
  start_ms: number;
}

/**
 * Lets k6 send the actions, and reads back the same rows that the own driver leaves.
 *
 * Throws: Error with k6's last words when it fails.
 */
export async function driveWithK6(plan: Plan, actions: readonly Action[], o: K6Options): Promise<Driven> {
  const shots = shotsOf(plan, actions);
  const rate = actions.length / (plan.duration_ms / 1000);
  const users = Math.round(Math.min(USERS.most, Math.max(USERS.least, USERS.seconds * rate)));
  const patience_s = (o.start_ms - Date.now() + plan.duration_ms + plan.drain_ms) / 1000;
  const run = { start_ms: o.start_ms, port: o.port, users, patience_s, header: STORY_HEADER, final: FINAL };
  writeFileSync(join(o.folder, K6_FILES.shots), JSON.stringify(shots));
  writeFileSync(join(o.folder, K6_FILES.script), k6Script(run));
  writeFileSync(join(o.folder, K6_FILES.rows), '');
  await ran(o.program, o.folder);
  const rows = k6Rows(readFileSync(join(o.folder, K6_FILES.rows), 'utf8'));
  return { rows: rowsOf(actions, rows), lateness: k6Lateness(shots, rows, plan.warmup_ms) };
}

function shotsOf(plan: Plan, actions: readonly Action[]): K6Shot[] {
  const { backoff, patience } = mannersOf(plan);
  return actions.map((action) => {
    const { at_ms, operation } = action;
    const { attempts = 1, request_kb = 0 } = plan.operations[operation] ?? {};
    return {
      at_ms,
      path: `/operations/${operation}`,
      story: storyOf(action, 1),
      body_bytes: Math.round(request_kb * 1024),
      timeout_ms: patience[operation] ?? 0,
      attempts,
      backoffs_ms: Array.from({ length: attempts - 1 }, (_, i) => backoffMs(backoff, action, i + 1)),
    };
  });
}

function rowsOf(actions: readonly Action[], rows: readonly K6Row[]): ActionRow[] {
  const found = new Map(rows.map((row) => [row.shot, row]));
  return actions.map(({ operation, at_ms }, i) => {
    const row = found.get(i);
    if (row === undefined) return { operation, at_ms, done_ms: 0, outcome: OUTCOME.pending, attempts: 1 };
    return { operation, at_ms, done_ms: row.done_ms, outcome: outcomeOf(row.status), attempts: row.attempts };
  });
}

function ran(program: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const k6 = spawn(program, k6Arguments(), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    k6.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-2_000);
    });
    k6.on('error', reject);
    k6.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`k6 ended with ${code}: ${said}`))));
  });
}
