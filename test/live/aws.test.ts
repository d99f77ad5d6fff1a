import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../simulator/domain/problem.ts';
import { addressFrom, insistOnOwn, NOWHERE } from '../../simulator/worlds/live/stacks/aws/address.ts';
import { type AwsWanted, startAws } from '../../simulator/worlds/live/stacks/aws/index.ts';
import { MINISTACK_HINT } from '../../simulator/worlds/live/stacks/aws/ministack.ts';
import { openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';
import { ENDPOINTS } from '../contract/aws-endpoints.ts';
import { ROOT, text } from '../tidy/tree.ts';

const ALL = ['lambda', 'sqs', 'dynamodb', 's3'] as const;
const folder = mkdtempSync(join(tmpdir(), 'placement-lab-live-'));
const keeper = await openKeeper({ died: () => undefined });
afterAll(async () => {
  await keeper.end();
  rmSync(folder, { recursive: true, maxRetries: 5 });
});
const wanted = (o: Partial<AwsWanted>): AwsWanted => {
  const base = { backend: 'url', functions: 'emulator', services: ALL, env: {}, keeper, confirmed: [] } as const;
  return { ...base, ...o };
};

/** What `startAws` says is missing. */
async function complaint(o: Partial<AwsWanted>): Promise<string> {
  const part = await startAws(wanted(o)).catch((error: unknown) => error);
  if (part instanceof UnavailableError) return part.message;
  throw new Error('it started');
}

describe('the address of an endpoint', () => {
  const U = 'http://127.0.0.1:1';
  it.each([
    [{ AWS_ENDPOINT_URL: U }, undefined, U, U],
    [{ AWS_ENDPOINT_URL: U }, 'http://localhost:2', 'http://localhost:2', 'http://localhost:2'],
    [{ AWS_ENDPOINT_URL: U, AWS_ENDPOINT_URL_SQS: 'http://localhost:3' }, undefined, 'http://localhost:3', U],
    [{ LOCALSTACK_HOST: 'localhost' }, undefined, 'http://localhost:4566', 'http://localhost:4566'],
    [{ LOCALSTACK_HOST: 'localhost:4510' }, undefined, 'http://localhost:4510', 'http://localhost:4510'],
    [{ LOCALSTACK_HOST: 'localhost', AWS_ENDPOINT_URL: U }, undefined, U, U],
  ])('of %j and --endpoint %s is %s for SQS and %s for S3', (env, endpoint, sqs, s3) => {
    expect(addressFrom(env, ALL, endpoint).endpoints).toMatchObject({ sqs, s3 });
  });

  it('takes region and credentials as AWS tools do, or what emulators take', () => {
    const env = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' };
    expect(addressFrom(env, ALL, U)).toMatchObject({
      region: 'eu-west-1',
      accessKeyId: 'a',
      secretAccessKey: 'b',
      sessionToken: 'c',
    });
    expect(addressFrom({}, ALL, U)).toMatchObject({ region: 'us-east-1', accessKeyId: 'test', secretAccessKey: 'test' });
  });

  it('need not be known of services that nobody asks for', () => {
    expect(addressFrom({ AWS_ENDPOINT_URL_SQS: U }, ['sqs']).endpoints).toEqual({
      lambda: NOWHERE,
      sqs: U,
      dynamodb: NOWHERE,
      s3: NOWHERE,
    });
  });

  it.each([
    [{}, /no AWS endpoint for lambda: name one with --endpoint URL, or set AWS_ENDPOINT_URL or LOCALSTACK_HOST/],
    [{ endpoint: 'sqs.local:4566' }, /is "sqs.local:4566": expected a URL such as http:/],
    [{ endpoint: 'ftp://127.0.0.1' }, /expected a URL/],
    [
      { endpoint: 'http://192.0.2.1:4566' },
      /not on this machine.*\n.*If it is yours and you want that, add --confirm-target 192.0.2.1$/,
    ],
    [{ endpoint: 'https://192.0.2.1', confirmed: ['192.0.2.2'] }, /--confirm-target 192.0.2.1/],
  ])('%j is refused with words', async (o, words) => {
    expect(await complaint(o)).toMatch(words);
  });

  it.each(['http://localhost:1', 'http://127.9.9.9', 'http://[::1]:1', 'https://192.0.2.1:2'])(
    '%s is let through',
    async (url) => {
      await insistOnOwn(addressFrom({}, ALL, url), ['192.0.2.1']);
    },
  );
});

describe('an endpoint that is not one', () => {
  const json = (status: number, body: unknown) =>
    createHttp((_, res) => res.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body)));
  const servers: Record<string, Server> = {
    ssh: createServer((socket) => {
      socket.on('error', () => {});
      socket.end('SSH-2.0-OpenSSH\r\n');
    }),
    broken: json(500, { message: 'invalid syntax (queue.py, line 5)' }),
    strict: json(403, {
      __type: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    }),
    other: json(200, {}),
    page: createHttp((_, res) => res.end('<html>hello</html>')),
  };
  beforeAll(() => Promise.all(Object.values(servers).map((server) => once(server.listen(0, '127.0.0.1'), 'listening'))));
  afterAll(() => Object.values(servers).forEach((server) => void server.close()));

  it.each([
    ['ssh', 'sqs', /does not speak HTTP .*is that the port of another service\?/],
    ['broken', 'dynamodb', /is up but its DynamoDB is broken: it answers ListTables with 500 .*look at its log/],
    ['strict', 'dynamodb', /refuses the credentials for DynamoDB .*set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
    ['strict', 's3', /refuses the credentials for S3/],
    ['other', 'dynamodb', /has no DynamoDB: it answers ListTables with something else/],
    ['other', 'lambda', /has no Lambda: it answers ListFunctions with something else/],
    ['page', 'sqs', /has no SQS: it answers ListQueues with 200/],
    ['page', 's3', /has no S3/],
  ] as const)('%s instead of %s is told by name, and what to do', async (name, service, words) => {
    const endpoint = `http://127.0.0.1:${((servers[name] as Server).address() as AddressInfo).port}`;
    expect(await complaint({ endpoint, services: [service] })).toMatch(words);
    expect(await complaint({ endpoint, services: [service] })).toContain(endpoint);
  });

  it('says each service that is missing, in one go', async () => {
    const said = await complaint({ endpoint: NOWHERE });
    for (const name of ['Lambda', 'SQS', 'DynamoDB', 'S3'])
      expect(said).toContain(`nothing answers at ${NOWHERE} (${name}, ECONNREFUSED)`);
  });
});

describe('MiniStack', () => {
  it('is installed by CI in the version that users are told', () => {
    const version = MINISTACK_HINT.match(/ministack==[\d.]+/)?.[0];
    expect(text('.ci/run')).toContain(`install --quiet --disable-pip-version-check ${version}`);
  });

  const fake = (script: string) => {
    const path = join(folder, 'fake-ministack');
    writeFileSync(path, `#!${process.execPath}\n${script}`);
    chmodSync(path, 0o755);
    return { MINISTACK: path, PATH: process.env.PATH };
  };
  const outside = Object.values(networkInterfaces()).some((all) => all?.some((a) => !a.internal && a.family === 'IPv4'));

  it('that is not installed is told how to get, and what does without', async () => {
    expect(await complaint({ backend: 'ministack', env: { PATH: folder } })).toMatch(
      /not installed: .*pip install ministack==.*embedded/,
    );
  });

  it('that dies while it starts is told with its last words, and leaves no folder', async () => {
    const env = fake('require("fs").writeSync(2, "OSError: [Errno 98] address already in use\\n"); process.exitCode = 3;');
    expect(await complaint({ backend: 'ministack', env })).toBe(
      'MiniStack ended with 3 while starting. The last lines of what it said:\nOSError: [Errno 98] address already in use',
    );
    expect(readdirSync(keeper.folder)).toEqual(['logs']);
  });

  it('whose program is not there is told so', async () => {
    expect(await complaint({ backend: 'ministack', env: { MINISTACK: join(folder, 'nowhere') } })).toMatch(
      /^MiniStack could not be started/,
    );
  });

  it.skipIf(!outside)(
    'that listens where other machines reach it is not used (skipped where there is only loopback)',
    async () => {
      const env = fake('require("http").createServer((_, res) => res.end("{}")).listen(process.env.GATEWAY_PORT, "0.0.0.0");');
      expect(await complaint({ backend: 'ministack', env, services: ['sqs'] })).toMatch(
        /listens at .*, where other machines reach it/,
      );
    },
  );
});

describe.each(ENDPOINTS.filter(({ name, missing }) => name !== 'url' && missing === undefined))('$name', ({ name, start }) => {
  const gone = async (pids: readonly number[]) => {
    for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) await sleep(50);
    return pids.filter(isAlive);
  };

  it('answers real calls when it is up, and is gone with its port when it is stopped, as often as one likes', async () => {
    const part = await start(['sqs', 'dynamodb', 's3']);
    expect(part.pids.every(isAlive)).toBe(true);
    await Promise.all([part.stop(), part.stop()]);
    expect(part.pids.filter(isAlive)).toEqual([]);
    expect(await complaint({ endpoint: part.address.endpoints.sqs, services: ['sqs'] })).toMatch(/nothing answers/);
  });

  it('is gone when who started it is killed', async () => {
    const args = ['--import', 'tsx', 'test/live/start-and-wait.ts', name];
    const parent = spawn(process.execPath, args, { cwd: ROOT });
    const [said] = await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    expect(await gone(JSON.parse(String(said)) as number[])).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  if (process.platform === 'linux' && !existsSync(`/proc/${pid}`)) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
