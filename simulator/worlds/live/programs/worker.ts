import { openFor, throughGateway } from '../components/open.ts';
import { ownWorkOf } from '../components/own-work.ts';
import { Worker } from '../platforms/worker.ts';
import { readSheet } from '../run-sheet.ts';
import { announce, endWithParent } from './process.ts';

/** One instance of a pool: `PLACEMENT_PART` says of which. */
const sheet = readSheet();
const part = Number(process.env.PLACEMENT_PART);
const programs = sheet.plan.components.filter((c) => c.part === part).map((c) => c.program);
const call = throughGateway();
const around = await openFor(sheet, { name: `worker-${part}`, programs, call });
const own = await ownWorkOf(
  around,
  sheet.plan.components.flatMap((c, i) => (c.part === part ? [i] : [])),
);
const worker = new Worker(around, { index: part, own });
const port = await worker.listen();
endWithParent(async () => {
  await worker.drain();
  await around.close();
});
announce({ port });
