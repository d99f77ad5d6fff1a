import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { findEpmd } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';
import { type RunOptions, runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-broken-'));
// Servers that refuse to run as root run as nobody, who has to get to its own folder in it.
chmodSync(folder, 0o711);
const mounted: string[] = [];
afterAll(() => {
  for (const place of mounted) spawnSync('umount', [place]);
  rmSync(folder, { recursive: true, force: true });
});

const SHORT = ['--duration', '6s', '--rate', 'x0.2', '--json'];

/** Runs in a temporary folder of its own; nothing of a run may be left in it. */
async function live(place: string, words: string[], o: RunOptions = {}) {
  const env = { NO_COLOR: '1', TMPDIR: place, TSX_DISABLE_CACHE: '1', ...o.env };
  const ended = await runCli(['live', ...words, ...SHORT], { ...o, cwd: folder, env });
  expect(readdirSync(place).filter((name) => name.startsWith('placement-lab-'))).toEqual([]);
  return ended;
}

/** A program that says one line and ends with 1. */
function dying(name: string, line: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${line}' >&2\nexit 1\n`);
  chmodSync(path, 0o755);
  return path;
}

const noPostgres = findPostgres() === undefined;
if (noPostgres) writeSync(2, 'skipped: a stack that is half up needs PostgreSQL, whose npm package is not installed\n');

describe.skipIf(noPostgres)('a live run of whose parts one is broken ends with 3, names it, and takes the others away', () => {
  it('MiniStack dies while it starts', async () => {
    const env = { MINISTACK: dying('ministack', 'OSError: [Errno 98] address already in use') };
    const { code, stdout, stderr } = await live(folder, ['hello', '--strategy', 'all-functions', '--aws', 'ministack'], { env });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /MiniStack ended with 1 while starting\. The last lines of what it said:\nOSError: .*address already in use/,
    );
  });

  const noErlang = findEpmd() === undefined;
  if (noErlang) writeSync(2, 'skipped: a broker that dies needs Erlang, which is not installed\n');
  it.skipIf(noErlang)('RabbitMQ dies while it starts', async () => {
    const scenario = join(folder, 'with-broker.json');
    const overrides = { events: { 'entry-signed': { channel: 'rabbitmq' } } };
    writeFileSync(scenario, JSON.stringify({ ...hello, name: 'with-broker', overrides }));
    const env = { RABBITMQ_SERVER: dying('rabbitmq-server', 'BOOT FAILED: eaddrinuse') };
    const { code, stdout, stderr } = await live(folder, [scenario, '--strategy', 'all-servers'], { env });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/rabbitmq ended with 1 while starting\. The last lines of what it said:\nBOOT FAILED: eaddrinuse/);
  });

  it('PostgreSQL is killed while the run goes on', async () => {
    let isKilled = false;
    const after = () => {
      const run = readdirSync(folder).find((name) => name.startsWith('placement-lab-run-'));
      if (isKilled || run === undefined || !existsSync(join(folder, run, 'runs'))) return;
      isKilled = true;
      const [pid] = readFileSync(join(folder, run, 'postgres/data/postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    };
    const { code, stdout, stderr } = await live(folder, ['hello', '--strategy', 'all-functions'], { after });
    expect([code, stdout, isKilled], stderr).toEqual([3, '', true]);
    expect(stderr).toMatch(/postgres was ended by SIGKILL\. The last lines of what it said:/);
  });

  const small = smallDisk('2m');
  it.skipIf(small === undefined)('there is no space for the data', async () => {
    const { code, stdout, stderr } = await live(small as string, ['hello', '--strategy', 'all-functions']);
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/No space left on device|ENOSPC|no space left/);
    expect(stderr).not.toContain('fault of placement-lab');
  });
});

/** A disk of its own in memory, where this machine lets us have one. */
function smallDisk(size: string): string | undefined {
  const place = join(folder, `disk-${size}`);
  mkdirSync(place);
  const { status, error, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'tmpfs', place]);
  if (status === 0) {
    mounted.push(place);
    return place;
  }
  writeSync(2, `skipped: no disk that is full can be had here: ${error?.message ?? stderr.toString().trim()}\n`);
  return undefined;
}
