import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers of AWS services that ask to come back later, by what the service speaks. */
export const BUSY = {
  json: (name: string) => ({
    status: 400,
    type: 'application/x-amz-json-1.0',
    body: JSON.stringify({ __type: name, message: 'later' }),
  }),
  xml: {
    status: 503,
    type: 'application/xml',
    body: '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>later</Message></Error>',
  },
};
export type Answer = { status: number; type: string; body: string };

/**
 * Stands before a service and lets calls through, but for those that it is told to answer itself: what no emulator does by itself.
 *
 * `judge` sees each call's operation and its body, and its number among those that came.
 */
export async function doorman(target: string) {
  const seen: { target: string; body: string }[] = [];
  const self = { judge: (_call: { target: string; body: string; n: number }): Answer | undefined => undefined };
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks);
      const call = { target: String(req.headers['x-amz-target'] ?? `${req.method} ${req.url}`), body: body.toString() };
      seen.push(call);
      const own = self.judge({ ...call, n: seen.length });
      if (own !== undefined) {
        res.writeHead(own.status, { 'content-type': own.type }).end(own.body);
        return;
      }
      const on = request(new URL(req.url ?? '/', target), { method: req.method ?? 'GET', headers: req.headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      on.on('error', () => res.destroy());
      on.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, self, stop };
}
