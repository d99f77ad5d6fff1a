import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Container } from '../../simulator/domain/container.ts';
import type { ComposeProject } from '../../simulator/worlds/live/stacks/compose/project.ts';
import { type SeatOrder, Seats } from '../../simulator/worlds/live/stacks/compose/seats.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-seats-'));
const calls = join(folder, 'calls');
afterAll(() => rmSync(folder, { recursive: true }));

/** A project whose containers are servers of this process: `scale` makes them, and writes down what it was asked for. */
class FakeProject {
  readonly scaled: Record<string, number>[] = [];
  readonly servers: Server[] = [];
  readonly all: Container[] = [];
  /** What a container answers to an order. */
  status = 200;

  async containers(): Promise<Container[]> {
    return [...this.all];
  }

  async scale(counts: Readonly<Record<string, number>>): Promise<void> {
    this.scaled.push({ ...counts });
    for (const [service, count] of Object.entries(counts)) {
      const there = this.all.filter((c) => c.service === service).length;
      for (let i = there; i < count; i++) await this.add(service, i);
    }
  }

  private async add(service: string, i: number): Promise<void> {
    const server = createServer((_, response) => response.writeHead(this.status).end('{}'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.servers.push(server);
    const id = `${service}-${i}`.padEnd(12, '0');
    const ports = { 8080: (server.address() as AddressInfo).port };
    this.all.push({ id, name: `p-${service}-${i}`, service, state: 'running', health: 'healthy', ports });
  }
}

const order = (name: string, o: Partial<SeatOrder> = {}): SeatOrder => ({
  service: 'worker',
  program: 'worker',
  name,
  env: {},
  ...o,
});

describe('seats', () => {
  let project: FakeProject;
  let seats: Seats;

  beforeEach(() => {
    // A docker that only writes down what it is told.
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >>'${calls}'\n`);
    chmodSync(join(folder, 'docker'), 0o755);
    writeFileSync(calls, '');
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    project = new FakeProject();
    seats = new Seats(project as unknown as ComposeProject, { hostCores: 2 });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    for (const server of project.servers) server.close().closeAllConnections();
  });
  const told = () => readFileSync(calls, 'utf8').trim().split('\n');

  it('makes all that are asked for at once with one call, and gives each a container of its own', async () => {
    const parts = await Promise.all(['a', 'b', 'c'].map((name) => seats.take(order(name))));
    expect(project.scaled).toEqual([{ worker: 3 }]);
    expect(new Set(parts.map(({ address }) => address.inside?.host)).size).toBe(3);
  });

  it('takes what waits before it makes more', async () => {
    await project.scale({ worker: 2 });
    await seats.take(order('a'));
    expect(project.scaled).toEqual([{ worker: 2 }]);
  });

  it('holds a container to the machine of its plan, and no more cores than there are', async () => {
    await seats.take(order('a', { limits: { cores: 4, memory_gb: 1.5 } }));
    expect(told()).toContain('update --cpus 2 --memory 1536m --memory-swap 1536m worker-00000');
  });

  it('stops a container once, and removes what is left of it', async () => {
    const part = await seats.take(order('a'));
    await Promise.all([part.stop(), part.stop()]);
    expect(told().filter((line) => line.startsWith('stop'))).toEqual(['stop --time 15 worker-00000']);
    expect(told()).toContain('rm --force --volumes worker-00000');
  });

  it('tells whose container ended, and names one that nobody waits to hear of', async () => {
    const died: string[] = [];
    const part = await seats.take(order('a', { died: () => void died.push('a') }));
    await project.scale({ gateway: 1 });
    const gateway = await seats.take(order('g', { service: 'gateway', program: 'gateway' }));
    expect(await seats.ended(part.address.inside?.host as string)).toBeUndefined();
    expect(await seats.ended(gateway.address.inside?.host as string)).toBe('g');
    expect(await seats.ended('somebody-else')).toBeUndefined();
    expect(died).toEqual(['a']);
  });

  it('says that a seat is taken, by another run perhaps, and leaves nothing of it', async () => {
    await project.scale({ worker: 1 });
    project.status = 409;
    await expect(seats.take(order('a'))).rejects.toThrow(/^a was not taken: .*409.*another run/s);
    expect(told()).toContain('rm --force --volumes worker-00000');
  });

  it('fails every order when Compose does', async () => {
    project.scale = async () => {
      appendFileSync(calls, 'scaled\n');
      throw new Error('no space left on device');
    };
    const orders = await Promise.allSettled(['a', 'b'].map((name) => seats.take(order(name))));
    for (const one of orders) expect(String((one as PromiseRejectedResult).reason)).toContain('no space left');
  });
});
