import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backendOf, engineVersions } from '../../simulator/worlds/live/stacks/compose/engine.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-docker-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A `docker` that answers `version` and `compose version`; without words it fails as Docker does. */
function fake(name: string, o: { engine?: string; compose?: string }): string {
  const path = join(folder, name);
  const script = `#!/bin/sh
case "$1 $2" in
  "version --format") ${o.engine ? `echo ${o.engine}` : 'echo "Cannot connect to the Docker daemon" >&2; exit 1'} ;;
  "compose version") ${o.compose ? `echo ${o.compose}` : 'echo "docker: unknown command: docker compose" >&2; exit 125'} ;;
  *) exit 9 ;;
esac
`;
  rmSync(path, { recursive: true, force: true });
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
  return folder;
}

async function complaint(o: { engine?: string; compose?: string }): Promise<string> {
  const PATH = `${fake('docker', o)}:/usr/bin:/bin`;
  return engineVersions({ PATH }).then(
    () => 'none',
    (error: Error) => error.message,
  );
}

describe('the engine', () => {
  it('is told with its versions', async () => {
    const PATH = `${fake('docker', { engine: '20.10.24', compose: 'v2.40.3' })}:/usr/bin:/bin`;
    expect(await engineVersions({ PATH })).toEqual({ engine: '20.10.24', compose: '2.40.3' });
  });

  it.each([
    [{}, /no Docker engine answers \(Cannot connect.*start it.*--stack embedded/],
    [{ engine: '20.10.24' }, /its Compose plugin is not .*1\.29 does not do.*docs\.docker\.com\/compose\/install/],
    [{ engine: '20.10.24', compose: '2.23.9' }, /Compose 2\.23\.9 is too old: 2\.24 or later/],
    [{ engine: '20.10.24', compose: '1.29.2' }, /1\.29\.2 is too old/],
    [{ engine: '28.0.0', compose: '5.1.0' }, /^none$/],
  ])('%j: what is missing is said, and what to do', async (o, words) => {
    expect(await complaint(o)).toMatch(words);
  });

  it('that is not installed is told how to get, and what does without', async () => {
    await expect(engineVersions({ PATH: '/nowhere' })).rejects.toThrow(/Docker is not installed: https:.*--stack embedded/);
  });
});

describe('profiles', () => {
  it('name one AWS endpoint', () => {
    expect(backendOf(['ministack', 'gpu'])).toBe('ministack');
    expect(() => backendOf(['gpu'])).toThrow(/names no AWS endpoint/);
    expect(() => backendOf(['ministack', 'localstack'])).toThrow(/names two AWS endpoints/);
  });
});

describe('npm run stack', () => {
  it.each([['up'], ['down'], ['status'], ['logs']])('%s ends with 3 where Docker is not installed', async (verb) => {
    const { code, stderr, stdout } = await runCli(['stack', verb], { env: { PATH: '/nowhere' }, isFromSource: true });
    expect(stderr).toMatch(/^Docker is not installed: https:/);
    expect(stdout).toBe('');
    expect(code).toBe(3);
  });

  it('says what it can do where the word is none of it', async () => {
    const { code, stderr } = await runCli(['stack', 'start'], { isFromSource: true });
    expect(stderr).toMatch(/up, down, status, logs/);
    expect(code).toBe(2);
  });
});
