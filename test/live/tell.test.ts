import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isUnanswered } from '../../simulator/worlds/live/stacks/aws/failures.ts';
import { tell } from '../../simulator/worlds/live/wire.ts';

const close: (() => void)[] = [];
afterEach(() => {
  for (const end of close.splice(0)) end();
});

/** A process that hangs up on its first `broken` requests; the methods that it has heard. */
async function hangingUp(broken: number) {
  const heard: (string | undefined)[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    heard.push(request.method);
    if (heard.length <= broken) (request.socket as Socket).destroy();
    else response.end('{"is":"up"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close.push(() => server.close().closeAllConnections());
  return { heard, port: (server.address() as AddressInfo).port };
}

describe('asking a process of a run', () => {
  it('asks again on another connection when the first one was closed', async () => {
    const { heard, port } = await hangingUp(1);
    expect(await tell(port, '/control/state')).toEqual({ is: 'up' });
    expect(heard).toEqual(['GET', 'GET']);
  });

  it('tells nobody anything twice, and says who did not answer what', async () => {
    const { heard, port } = await hangingUp(1);
    const error = await tell(port, '/control/start', {}).catch((reason: unknown) => reason);
    expect((error as Error).message).toMatch(new RegExp(`^port ${port} did not answer /control/start: \\w+$`));
    expect([heard, isUnanswered(error)]).toEqual([['PUT'], true]);
  });

  it('says so when nobody is there', async () => {
    const { port } = await hangingUp(0);
    close.pop()?.();
    const error = await tell(port, '/control/state').catch((reason: unknown) => reason);
    expect((error as Error).message).toContain('ECONNREFUSED');
    expect(isUnanswered(error)).toBe(true);
  });
});
