import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { OpenLoop } from '../../../../workloads/drivers/open-loop.ts';
import { driveWithAutocannon } from '../autocannon-users.ts';
import type { DriverChoice, Story } from '../contract.ts';
import { driveWithK6 } from '../k6-users.ts';
import { listenOnLoopback } from '../listen.ts';
import { gatewayPlace, readSheet } from '../run-sheet.ts';
import { SpanLog } from '../spans.ts';
import { type Action, type Driven, Users } from '../users.ts';
import { post } from '../wire.ts';
import { announce, endWithParent } from './process.ts';

/** Sends the actions of `actions.json` once it is told when run time 0 is, and leaves what came of them in `driven.json`. */
const sheet = readSheet();
const actions = JSON.parse(readFileSync(join(sheet.folder, 'actions.json'), 'utf8')) as Action[];
const state = { isDone: false };

async function drive(start_ms: number): Promise<void> {
  writeFileSync(join(sheet.folder, 'driven.json'), JSON.stringify(await driven(start_ms)));
  state.isDone = true;
}

async function driven(start_ms: number): Promise<Driven> {
  const { port } = gatewayPlace();
  const other = JSON.parse(process.env.PLACEMENT_DRIVER ?? 'null') as DriverChoice | null;
  if (other?.name === 'k6')
    return driveWithK6(sheet.plan, actions, { program: other.program, folder: sheet.folder, port, start_ms });
  if (other?.name === 'autocannon') {
    const driven = await driveWithAutocannon(sheet.plan, actions, { connections: other.connections, port, start_ms, failed });
    await Promise.all(told);
    return driven;
  }
  const spans = new SpanLog(sheet, 'driver');
  const users = new Users(sheet, { start_ms, port, spans, failed });
  const waiting = actions.values();
  const next = () => waiting.next().value;
  const fire = (action: Action) => users.begin(action);
  const lateness = await new OpenLoop<Action>({ start_ms, next, fire, counted_from_ms: sheet.plan.warmup_ms }).run();
  await users.settled(sheet.plan.drain_ms);
  await Promise.all(told);
  spans.close();
  return { rows: users.rows, lateness: { ...lateness, unsent: users.unsent } };
}

/** What follows failures is told of them; the driver is not done before it has heard of all. */
const told = new Set<Promise<void>>();

function failed(story: Story): void {
  const port = process.env.PLACEMENT_FOLLOW_UPS_PORT;
  if (port === undefined || sheet.plan.operations[story.operation]?.on_failure === undefined) return;
  const telling = post({ port: Number(port), path: '/failed', story }).then((result) => {
    told.delete(telling);
    if (result !== 'ok') fail(new Error(`nobody hears that action ${story.action} has failed: ${result}`));
  });
  told.add(telling);
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
