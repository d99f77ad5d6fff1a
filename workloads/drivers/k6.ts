import { type Lateness, latenessOf } from './lateness.ts';

/** The version of k6 that this script was tried with, and how it is had: npm has none. */
export const K6_VERSION = 'v1.8.1';

/** One action as k6 sends it: what does not change from attempt to attempt, and how long to wait before each repeat. */
export interface K6Shot {
  at_ms: number;
  path: string;
  /** Story of the first attempt; the script counts `attempt` up. */
  story: { attempt: number };
  body_bytes: number;
  timeout_ms: number;
  attempts: number;
  backoffs_ms: number[];
}

/** What came of one shot: run time of its first sending and of its last answer, ms. */
export interface K6Row {
  shot: number;
  sent_ms: number;
  done_ms: number;
  status: number | 'timed-out' | 'broken';
  attempts: number;
}

/** Files that k6 reads and writes, beside the script. */
export const K6_FILES = { script: 'k6.js', shots: 'k6-shots.json', rows: 'k6-rows.txt' } as const;

export interface K6Run {
  /** Wall time of run time 0, ms. */
  start_ms: number;
  port: number;
  /** Requests under way at most, those that wait for their time among them. */
  users: number;
  /** Longest that the whole may take, s. */
  patience_s: number;
  /** Header in which the story travels, and statuses after which no attempt follows. */
  header: string;
  final: readonly number[];
}

/** Modules that k6 itself has. */
const MODULES = [
  ['exec', 'k6/execution'],
  ['http', 'k6/http'],
  ['{ sleep }', 'k6'],
  ['{ SharedArray }', 'k6/data'],
] as const;

/**
 * The script that replays the schedule: shared iterations take the shots in order, each waits for its own time and sends.
 *
 * An open loop as long as a virtual user is free for the next shot; what finds none leaves late, and the lateness says so.
 * Times have the resolution of `Date.now()`, 1 ms, which is cut off: what has waited for its time is never sent before it. A latency is
 * what k6 timed, from the sending on.
 */
export function k6Script(o: K6Run): string {
  return `${MODULES.map(([name, module]) => `import ${name} from '${module}';`).join('\n')}

const shots = new SharedArray('shots', () => JSON.parse(open('./${K6_FILES.shots}')));
const final = ${JSON.stringify(o.final)};
const bodies = {};
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 599 }));

export const options = {
  discardResponseBodies: true,
  scenarios: {
    replay: { executor: 'shared-iterations', vus: ${o.users}, iterations: shots.length, maxDuration: '${Math.ceil(o.patience_s)}s' },
  },
};

export default function () {
  const i = exec.scenario.iterationInTest;
  const shot = shots[i];
  const wait = ${o.start_ms} + shot.at_ms - Date.now();
  if (wait > 0) sleep(wait / 1000);
  const body = (bodies[shot.body_bytes] = bodies[shot.body_bytes] || 'x'.repeat(shot.body_bytes));
  const now = () => Math.max(shot.at_ms, Date.now() - ${o.start_ms});
  const first = now();
  for (let attempt = 1; ; attempt++) {
    const sent = now();
    const headers = { '${o.header}': JSON.stringify({ ...shot.story, attempt }) };
    const answer = http.post('http://127.0.0.1:${o.port}' + shot.path, body, { headers, timeout: shot.timeout_ms + 'ms' });
    const { blocked, connecting, duration } = answer.timings;
    const status = answer.status || (answer.error_code === 1050 ? 'timed-out' : 'broken');
    if (final.includes(status) || attempt >= shot.attempts) {
      console.log([i, first, sent + blocked + connecting + duration, status, attempt].join(' '));
      return;
    }
    sleep(shot.backoffs_ms[attempt - 1] / 1000);
  }
}
`;
}

/** Arguments with which k6 runs the script in its folder, saying nothing to anybody. */
export function k6Arguments(): string[] {
  const quiet = ['--quiet', '--no-usage-report', '--no-summary', '--no-color', '--log-format', 'raw'];
  return ['run', ...quiet, '--address', '127.0.0.1:0', '--console-output', K6_FILES.rows, K6_FILES.script];
}

/** Reads back what the script has said; lines that are none of its own are passed over. */
export function k6Rows(text: string): K6Row[] {
  return text.split('\n').flatMap((line): K6Row[] => {
    const [shot, sent, done, status, attempts] = line.trim().split(' ');
    const numbers = [shot, sent, done, attempts].map(Number);
    if (attempts === undefined || status === undefined || numbers.some((x) => !Number.isFinite(x))) return [];
    const [i, sent_ms, done_ms, tries] = numbers as [number, number, number, number];
    const said = status === 'timed-out' || status === 'broken' ? status : Number(status);
    return [{ shot: i, sent_ms, done_ms, status: said, attempts: tries }];
  });
}

/** How late k6 was; a shot without a row was never sent. */
export function k6Lateness(shots: readonly K6Shot[], rows: readonly K6Row[], counted_from_ms: number): Lateness {
  const late = rows.flatMap(({ shot, sent_ms }) => {
    const at_ms = shots[shot]?.at_ms ?? 0;
    return at_ms >= counted_from_ms ? [Math.max(0, sent_ms - at_ms)] : [];
  });
  return latenessOf(late, { unsent: shots.length - rows.length });
}
