import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { OpenLoop } from '../../../../workloads/drivers/open-loop.ts';
import { listenOnLoopback } from '../listen.ts';
import { gatewayPlace, readSheet } from '../run-sheet.ts';
import { type Action, type Driven, Users } from '../users.ts';
import { announce, endWithParent } from './process.ts';

/** Sends the actions of `actions.json` once it is told when run time 0 is, and leaves what came of them in `driven.json`. */
const sheet = readSheet();
const actions = JSON.parse(readFileSync(join(sheet.folder, 'actions.json'), 'utf8')) as Action[];
const state = { isDone: false };

async function drive(start_ms: number): Promise<void> {
  const users = new Users(sheet.plan, { start_ms, port: gatewayPlace().port });
  const waiting = actions.values();
  const next = () => waiting.next().value;
  const lateness = await new OpenLoop<Action>({ start_ms, next, fire: (action) => users.begin(action) }).run();
  await users.settled(sheet.plan.drain_ms);
  writeFileSync(join(sheet.folder, 'driven.json'), JSON.stringify({ rows: users.rows, lateness } satisfies Driven));
  state.isDone = true;
}

const server = createServer((request, response) => {
  const said: Buffer[] = [];
  request.on('data', (chunk) => said.push(chunk));
  request.on('end', () => {
    if (request.method === 'PUT')
      drive((JSON.parse(Buffer.concat(said).toString()) as { start_ms: number }).start_ms).catch(fail);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(state));
  });
});

function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

announce({ port: await listenOnLoopback(server) });
endWithParent(async () => void server.close());
