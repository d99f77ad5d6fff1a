import { defineScenario, type ScenarioInput } from '../simulator/domain/scenario.ts';

/** Everything about the front door and the network that these queueing models leave out. */
const BARE = {
  'gateway.client_ms': 0,
  'gateway.added_ms': 0,
  'gateway.hop_ms': 0,
  'gateway.rate_limit_per_s': 1e9,
  'gateway.burst': 1e9,
  'gateway.timeout_ms': 900_000,
  'server.queue_limit': 1e9,
  'server.log_kb': 0,
};

const sessions = { think_ms: 0, start: { work: 1 }, next: { work: { leave: 1 } } };
const people = { count: 1 };
const patient = { timeout_ms: 900_000, attempts: 1 };

/** Model A: Poisson arrivals at 7.2/s, eight servers, exponential service of mean 1 s: M/M/8 at 90 %. */
export function modelA(requests: number): ScenarioInput {
  return defineScenario({
    name: 'model-a',
    description: 'M/M/8 at 90 % utilisation.',
    application: {
      name: 'model-a',
      description: 'One station.',
      users: people,
      objects: people,
      components: { station: { description: 'Eight servers.', cpu_ms: { kind: 'exponential', mean: 1000 } } },
      operations: { work: { ...patient, description: 'One request.', steps: [{ call: 'station' }] } },
    },
    workload: { duration_s: Math.round(requests / 7.2), arrivals: { kind: 'constant', rate: 7.2 }, sessions },
    strategies: [bare('model-a')],
    overrides: { components: { station: machine } },
    parameters: { ...BARE, 'server.station.cores': 8, 'server.station.slots': 8 },
    warmup_s: 0,
    drain_s: 86_400,
  });
}

/**
 * Model C: Poisson arrivals at 1,000/s through a 5 ms gateway, a function pool (warm Exp(80 ms), cold Exp(330 ms), expiry 60 s), 24 servers
 * of Exp(20 ms), and two GPUs that batch up to 16 for at most 10 ms, a batch of b taking 8 + 0.5 b ms.
 */
export function modelC(requests: number): ScenarioInput {
  return defineScenario({
    name: 'model-c',
    description: 'Gateway, function pool, server pool and GPU batches in line.',
    application: {
      name: 'model-c',
      description: 'Three stations in line.',
      users: people,
      objects: people,
      components: {
        handler: { description: 'Function pool.', cpu_ms: { kind: 'exponential', mean: 80 } },
        worker: { description: 'Server pool.', cpu_ms: { kind: 'exponential', mean: 20 } },
        model: { description: 'GPU batches.', gpu_ms: 8.5 },
      },
      operations: {
        work: { ...patient, description: 'One request.', steps: [{ call: 'handler' }, { call: 'worker' }, { call: 'model' }] },
      },
    },
    workload: { duration_s: Math.round(requests / 1000), arrivals: { kind: 'constant', rate: 1000 }, sessions },
    strategies: [bare('model-c')],
    overrides: {
      components: {
        handler: { platform: 'function', memory_mb: 1769 },
        worker: machine,
        model: { platform: 'gpu', batch_max: 16, batch_wait_ms: 10, minimum: 2, maximum: 2, controller: { name: 'static' } },
      },
    },
    parameters: {
      ...BARE,
      'gateway.added_ms': 5,
      'account.concurrency': 1e6,
      'function.init_ms': 0,
      'function.invoke_ms': 0,
      'function.first_call_ms': 0,
      'function.first_call_factor': 330 / 80,
      'function.idle_expiry_s': 60,
      'function.speed': 1,
      'function.scaling_burst': 1e6,
      'server.worker.cores': 24,
      'server.worker.slots': 24,
      'gpu.fills_while_waiting': 0,
      'gpu.saturation_batch': 17,
      'gpu.batch_base': 8 / 8.5,
      'gpu.speed': 1,
      'gpu.queue_limit': 1e9,
    },
    warmup_s: 0,
    drain_s: 86_400,
  });
}

/** One machine that is there from the start and stays. */
const machine = {
  platform: 'server' as const,
  instance: 'm7g.large',
  minimum: 1,
  maximum: 1,
  controller: { name: 'static' },
};

/** Placement by overrides alone: the rules are only there because a strategy needs some. */
function bare(name: string) {
  return {
    name,
    description: 'As the model says.',
    components: [{ place: machine, because: 'the model says so' }],
    events: [{ place: { channel: 'sqs' as const }, because: 'unused' }],
    datasets: [{ place: { store: 'dynamodb' as const }, because: 'unused' }],
    controller: { name: 'static' },
  };
}
