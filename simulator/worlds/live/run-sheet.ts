import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Addresses, RunSheet } from './contract.ts';
import type { Place } from './wire.ts';

/** Name of the environment variable that tells a process which run it belongs to: the folder of the run's sheet. */
export const RUN_FOLDER = 'PLACEMENT_RUN_FOLDER';

/** Where this process reaches the parts, as JSON, if that is elsewhere than for who wrote the sheet: inside of containers. */
export const ADDRESSES = 'PLACEMENT_ADDRESSES';

export function writeSheet(sheet: RunSheet): void {
  writeFileSync(join(sheet.folder, 'run.json'), JSON.stringify(sheet));
}

/** The sheet of the run that this process was started for. Throws: Error when it was started by hand. */
export function readSheet(folder = process.env[RUN_FOLDER]): RunSheet {
  if (folder === undefined) throw new Error(`${RUN_FOLDER} is not set: this program is started by a live run, not by hand`);
  const sheet = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunSheet;
  const here = process.env[ADDRESSES];
  return here === undefined ? sheet : { ...sheet, addresses: JSON.parse(here) as Addresses };
}

/** Names where the run's gateway listens, as `host:port`. */
const GATEWAY = 'PLACEMENT_GATEWAY';

/** What tells a process where the gateway is. */
export function gatewayVariable({ host = '127.0.0.1', port }: Place): Record<string, string> {
  return { [GATEWAY]: `${host}:${port}` };
}

/** Where this process reaches the gateway. */
export function gatewayPlace(): { host: string; port: number } {
  const [host = '', port] = (process.env[GATEWAY] ?? '').split(':');
  return { host, port: Number(port) };
}
