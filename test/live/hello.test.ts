import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-hello-'));
// Servers that refuse to run as root run as nobody, who has to get to its own folder in it.
chmodSync(folder, 0o711);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs with a temporary folder of its own, where nothing may be left; what it had said. */
async function live(...words: string[]) {
  const env = { NO_COLOR: '1', TMPDIR: folder, AWS_ACCESS_KEY_ID: 'mine', AWS_SECRET_ACCESS_KEY: 'secret' };
  const ended = await runCli(['live', 'hello', '--strategy', 'all-functions', ...words], { cwd: folder, env });
  expect(readdirSync(folder).filter((name) => name.startsWith('placement-lab-run-'))).toEqual([]);
  return ended;
}

const noPostgres = findPostgres() === undefined;
if (noPostgres) writeSync(2, 'skipped: hello against real parts needs PostgreSQL, whose npm package is not installed\n');

describe.skipIf(noPostgres)('hello against real parts', () => {
  it('plays a few seconds, keeps all its promises, says where it ran, and leaves nothing', async () => {
    const { code, stdout, stderr } = await live('--duration', '4s', '--rate', 'x0.2', '--json');
    if (/so the driver has measured itself/.test(stderr)) {
      writeSync(2, `not judged: ${stderr}`);
      return;
    }
    expect([0, 1, 4], stderr).toContain(code);
    const { live: told, strategies, world } = ReportSchema.parse(JSON.parse(stdout));
    expect(world).toBe('live');
    expect(strategies[0]?.checks.filter(({ binds }) => binds).every(({ holds }) => holds)).toBe(true);
    expect(strategies[0]?.operations.reduce((sum, one) => sum + one.served, 0)).toBeGreaterThan(0);
    expect(told).toMatchObject({
      label: 'durations of this machine',
      stack: 'embedded',
      aws: { backend: 'embedded', functions: 'own' },
      driver: [{ strategy: 'all-functions', seed: 1 }],
    });
    expect(told?.parts.map(({ name }) => name)).toEqual(['PostgreSQL', 'fauxqs', 'dynalite']);
  });
});

describe.skipIf(noPostgres)('a live run that cannot be', () => {
  it('does not put load on a machine that is not this one unless its name is typed', async () => {
    const target = ['--stack', 'endpoint', '--endpoint', 'http://192.0.2.1:4566'];
    for (const words of [target, [...target, '--confirm-target', '192.0.2.2']]) {
      const { code, stdout, stderr } = await live(...words);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/192\.0\.2\.1:4566 .*is not on this machine[\s\S]*add --confirm-target 192\.0\.2\.1$/m);
    }
  });

  it('names the service that is not there, the one that refuses the credentials, and the one that lacks an API', async () => {
    const server = createServer((request, response) => {
      const isSqs = `${request.headers['x-amz-target']}`.startsWith('AmazonSQS');
      response.writeHead(isSqs ? 403 : 501, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: isSqs ? 'UnrecognizedClientException' : 'NotImplemented', message: 'no' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const refused = await live('--aws', here).finally(() => server.close());
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/refuses the credentials for SQS .*set AWS_ACCESS_KEY_ID/);
    expect(refused.stderr).toMatch(/has no DynamoDB/);
    const nobody = await live('--stack', 'endpoint', '--endpoint', here);
    expect(nobody.code).toBe(3);
    expect(nobody.stderr).toMatch(/nothing answers at .*start it there, or name another endpoint/);
  });

  it('says where there is no place for its data', async () => {
    // tsx would make the folder, for a cache of its own.
    const env = { NO_COLOR: '1', TMPDIR: join(folder, 'nowhere'), TSX_DISABLE_CACHE: '1' };
    const { code, stderr } = await runCli(['live', 'hello', '--strategy', 'all-functions'], { cwd: folder, env });
    expect(code).toBe(3);
    expect(stderr).toMatch(/cannot make a folder in .*nowhere.*TMPDIR=/);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot) writeSync(2, 'skipped: only who is root runs servers as somebody else, who may not get to their data\n');
  it.skipIf(!isRoot)('says whom a temporary folder of its own keeps out', async () => {
    const closed = mkdtempSync(join(folder, 'closed-'));
    const env = { NO_COLOR: '1', TMPDIR: closed };
    const { code, stderr } = await runCli(['live', 'hello', '--strategy', 'all-functions'], { cwd: folder, env });
    expect(code).toBe(3);
    expect(stderr).toContain(`chmod o+x ${closed}, or name a place`);
    expect(readdirSync(closed).filter((name) => name.startsWith('placement-lab-'))).toEqual([]);
  });
});

describe('words of a live run', () => {
  it.each([
    [['--functions', 'emulator'], /--functions: is 'emulator' \(expected --aws ministack or a URL/],
    [['--aws', 'minstack'], /there is no 'minstack'.*did you mean ministack\?/],
    [['--endpoint', '127.0.0.1:4566'], /--endpoint: is '127.0.0.1:4566' \(expected a URL/],
    [['--endpoint', 'http://127.0.0.1:1', '--aws', 'ministack'], /either --endpoint or --aws/],
    [['--driver', 'wrk'], /there is no 'wrk' \(expected one of own, k6, autocannon/],
    [['--connections', '8'], /--connections: is '8' \(expected --driver autocannon beside it/],
    [['--driver', 'autocannon', '--connections', '1'], /--connections: is '1' \(expected a whole number from 2/],
    [['--driver', 'autocannon', '--rate', 'x2', '--exact'], /no rate beside --driver autocannon[\s\S]*no --exact beside/],
    [['--driver', 'autocannon', '--fault', 'kill page at 1s'], /fault 'kill page': what a placement sustains at most/],
  ])('%j end with 2', async (words, message) => {
    const { code, stderr } = await live(...words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
