import { openFor, throughGateway } from '../components/open.ts';
import { Worker } from '../platforms/worker.ts';
import { readSheet } from '../run-sheet.ts';
import { announce, endWithParent } from './process.ts';

/** One instance of a pool: `PLACEMENT_PART` says of which. */
const sheet = readSheet();
const part = Number(process.env.PLACEMENT_PART);
const programs = sheet.plan.components.filter((c) => c.part === part).map((c) => c.program);
const call = throughGateway();
const around = await openFor(sheet, { name: `worker-${part}`, programs, call });
const worker = new Worker(around, part);
const port = await worker.listen();
endWithParent(async () => {
  await worker.drain();
  await around.close();
});
announce({ port });
