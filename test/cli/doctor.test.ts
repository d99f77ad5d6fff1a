import { describe, expect, it } from 'vitest';
import { machineTable } from '../../reports/machine.ts';
import type { MachinePart } from '../../simulator/domain/machine-part.ts';
import { runHere } from './run-cli.ts';

describe('doctor', () => {
  it('says of every part whether it is here, what it enables, and how to get it if not, and ends with 0', async () => {
    const { code, stdout } = await runHere(['doctor', '--json']);
    expect(code).toBe(0);
    const { schema, parts } = JSON.parse(stdout) as { schema: string; parts: MachinePart[] };
    expect(schema).toBe('machine@1');
    for (const part of parts) expect([part.enables !== '', part.get === undefined]).toEqual([true, part.isHere]);
    expect(parts.find(({ name }) => name === 'Node')?.found).toBe(process.version);
    for (const name of ['PostgreSQL', 'rabbitmq-server', 'k6', 'autocannon', 'docker compose', 'cgroup v2'])
      expect(parts.map((part) => part.name)).toContain(name);
  });

  it('prints a line for each part, and below how to get what is missing', () => {
    const parts: MachinePart[] = [
      { name: 'Node', isHere: true, found: 'v20', enables: 'everything' },
      { name: 'k6', isHere: false, found: 'not here', enables: '--driver k6', get: 'https://k6.io' },
    ];
    expect(machineTable(parts, { colour: false, width: 80 }).split('\n')).toEqual([
      'part  here  found  enables',
      'Node  yes   v20    everything',
      'k6    no           --driver k6',
      '',
      'How to get what is missing:',
      '  k6: https://k6.io',
    ]);
  });

  it('refuses words too many', async () => {
    expect((await runHere(['doctor', 'who'])).code).toBe(2);
  });
});
