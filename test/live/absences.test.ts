import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { wait, wallMs } from '../../simulator/worlds/live/clock.ts';
import { Faults, type Struck } from '../../simulator/worlds/live/faults.ts';
import { faultOf, shop } from '../planted/planted.ts';
import { cellOf } from '../virtual/small.ts';

/** What a broker takes to go and to come back, ms. */
const [GO, COME] = [300, 400];

it('a part that a fault takes away is away from the order to go until it is back, which is later than planned', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'placement-lab-absences-'));
  const faults = ['slow price by x2 at 0s for 1s', 'stop rabbitmq at 0.2s for 0.1s'].map(faultOf);
  const { plan } = cellOf({ ...shop({ channel: { channel: 'rabbitmq' } }), faults });
  const stopBroker = async () => {
    await wait(GO);
    return () => wait(COME);
  };
  const struck = new Faults({ plan, folder, deployment: {}, stack: { disturb: { stopBroker } } } as unknown as Struck);
  struck.begin(wallMs());
  await wait(400);
  await struck.close();
  rmSync(folder, { recursive: true });
  expect(struck.away).toEqual([{ fault: 1, from_s: expect.any(Number), to_s: expect.any(Number) }]);
  const [{ from_s, to_s } = { from_s: 0, to_s: 0 }] = struck.away;
  expect(from_s).toBeGreaterThan(0.19);
  // Asked back at 0.3 s, when it is not gone yet.
  expect(to_s - from_s).toBeGreaterThan((0.95 * (GO + COME)) / 1000);
});
