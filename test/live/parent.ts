import { writeSync } from 'node:fs';
import { openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';
import { startPostgres } from '../../simulator/worlds/live/stacks/postgres.ts';
import { startRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq.ts';
import { findRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';
import { serverOrder } from './orders.ts';

/** A command line that starts real parts, says where they are, and then waits to be killed. */
const keeper = await openKeeper({ died: (name) => void writeSync(1, `${JSON.stringify({ died: name })}\n`) });
const server = await keeper.start<{ port: number; child: number }>(serverOrder('server', keeper.folder));
const isWhole = process.argv[2] === 'whole';
const postgres = isWhole ? await startPostgres(keeper) : undefined;
const rabbitmq = isWhole && findRabbitmq() ? await startRabbitmq(keeper, { without: [] }) : undefined;
const parts = [server, postgres, rabbitmq].filter((part) => part !== undefined);
const up = {
  folder: keeper.folder,
  pids: [...parts.flatMap((part) => part.pids), server.address.child],
  ports: [server.address.port, ...[postgres, rabbitmq].flatMap((part) => (part ? [Number(new URL(part.address.url).port)] : []))],
};
writeSync(1, `${JSON.stringify(up)}\n`);
