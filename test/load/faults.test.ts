import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAULT_KINDS, FAULTS, type Fault, type FaultDefinition, faultInWords } from '../../simulator/domain/fault.ts';
import { checkFaults } from '../../simulator/plan/check-faults.ts';
import { parseFault } from '../../simulator/plan/load/fault-text.ts';
import { scenario } from '../plan/fixture.ts';

const read = (text: string) => {
  const parsed = parseFault(text);
  return 'fault' in parsed ? parsed.fault : parsed.problems.map((p) => p.message);
};

/** What is wrong with faults of the small network, as `path: message (suggestion)`. */
function wrong(...faults: Fault[]): string[] {
  return checkFaults(scenario({ faults })).map(
    ({ path, message, suggestion }) => `${path}: ${message}${suggestion ? ` (${suggestion}?)` : ''}`,
  );
}

describe('a fault as a sentence', () => {
  it.each<[string, Fault]>([
    ['stop sqs at 600s for 60s', { kind: 'stop', target: 'sqs', at_s: 600, for_s: 60 }],
    ['kill auth at 5m', { kind: 'kill', target: 'auth', at_s: 300 }],
    ['kill auth by 50% at 90 for 1h', { kind: 'kill', target: 'auth', amount: 0.5, at_s: 90, for_s: 3600 }],
    ['kill auth by 100% at 90', { kind: 'kill', target: 'auth', at_s: 90 }],
    ['kill auth by 3 at 90', { kind: 'kill', target: 'auth', amount: 3, at_s: 90 }],
    ['slow postgres by x5 at 0 for 1.5m', { kind: 'slow', target: 'postgres', amount: 5, at_s: 0, for_s: 90 }],
    ['throttle feeds to 10% for 5m at 1h', { kind: 'throttle', target: 'feeds', amount: 0.1, at_s: 3600, for_s: 300 }],
    ['lose-zone at 2min', { kind: 'lose-zone', at_s: 120 }],
    ['  spot-wave   server by 25%  at 2m ', { kind: 'spot-wave', target: 'server', amount: 0.25, at_s: 120 }],
  ])('%s', (text, fault) => {
    expect(read(text)).toEqual(fault);
  });

  it.each([
    ['', ['says nothing', 'does not say when it begins']],
    ['stop', ['does not say when it begins']],
    ['halt sqs at 5', ["there is no fault 'halt'"]],
    ['stop sqs at noon', ["says at 'noon'"]],
    ['stop sqs at -5', ["says at '-5'"]],
    ['stop sqs at 5 for', ["says for ''"]],
    ['slow sqs by lots at 5 for 5', ["says by 'lots'"]],
    ['slow sqs by x5% at 5 for 5', ["says by 'x5%'"]],
    ['stop sqs at 5 at 6', ['says at twice']],
    ['stop the queue at 5', ["does not understand 'queue'"]],
  ])('is refused with everything that is wrong: %j', (text, messages) => {
    expect(read(text)).toEqual(messages);
  });

  it('suggests the kind that was meant', () => {
    expect(parseFault('trottle feeds to 10% at 1 for 1')).toMatchObject({ problems: [{ suggestion: 'throttle' }] });
  });

  it('reads whatever a fault says of itself', () => {
    const amounts = {
      none: [undefined],
      loss: [undefined, 0.25, 7],
      share: [0.01, 0.333, 1],
      rest: [0, 0.1],
      factor: [1.5, 100],
    };
    const any = fc.constantFrom(...FAULT_KINDS).chain((kind) => {
      const definition: FaultDefinition = FAULTS[kind];
      const amount = fc.constantFrom<number | undefined>(...amounts[definition.amount]);
      return fc.record({
        kind: fc.constant(kind),
        target: fc.constantFrom('auth', 'x-1'),
        amount,
        at_s: fc.nat(9999),
        for_s: fc.nat(9999),
      });
    });
    fc.assert(
      fc.property(any, ({ amount, ...rest }) => {
        const fault = { ...rest, ...(amount === undefined ? {} : { amount }) };
        expect(read(`${faultInWords(fault)} at ${fault.at_s}s for ${fault.for_s}s`)).toEqual(fault);
      }),
      { seed: 3 },
    );
  });

  it('never crashes and never hangs, whatever stands there', () => {
    const words = fc.array(
      fc.constantFrom('stop', 'kill', 'by', 'to', 'at', 'for', '5', '50%', 'x3', '__proto__', '', '\n', 'constructor'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          words.map((w) => w.join(' ')),
        ),
        (text) => {
          const parsed = parseFault(text);
          expect('fault' in parsed || parsed.problems.length > 0).toBe(true);
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});

describe('faults of a scenario', () => {
  it('may name components, datasets, events, consumers and kinds of parts', () => {
    const faults: Fault[] = [
      { kind: 'kill', target: 'auth', at_s: 1 },
      { kind: 'slow', target: 'feeds', amount: 2, at_s: 1, for_s: 1 },
      { kind: 'stop', target: 'post-created', at_s: 1, for_s: 1 },
      { kind: 'duplicate', target: 'moderation', amount: 0.1, at_s: 1, for_s: 1 },
      { kind: 'stop', target: 'sqs-fifo', at_s: 1, for_s: 1 },
      { kind: 'stop', target: 'rabbitmq', at_s: 1, for_s: 1 },
      { kind: 'fail-over', target: 'postgres', at_s: 1, for_s: 1 },
      { kind: 'spot-wave', at_s: 1 },
    ];
    expect(wrong(...faults)).toEqual([]);
  });

  it('are all told what is wrong with them at once', () => {
    const faults: Fault[] = [
      { kind: 'kill', target: 'auht', amount: 1.5, at_s: 9999 },
      { kind: 'slow', target: 'feeds', at_s: 1 },
      { kind: 'stop', amount: 3, at_s: 1, for_s: 0 },
      { kind: 'slow-third-party', target: 'auth', amount: 3, at_s: 1, for_s: 1 },
      { kind: 'throttle', target: 'feeds', amount: 1, at_s: 1, for_s: 1 },
      { kind: 'duplicate', target: 'feeds', amount: 0, at_s: 1, for_s: 1 },
    ];
    expect(wrong(...faults)).toEqual([
      'faults.0.target: unknown target of kill "auht" (auth?)',
      'faults.0.amount: is 1.5',
      'faults.0.at_s: is 9999, after the end',
      'faults.1.amount: is missing',
      'faults.1.for_s: is missing',
      'faults.2.target: is missing',
      'faults.2.amount: is 3',
      'faults.2.for_s: is 0',
      'faults.3.target: auth waits for no third party',
      'faults.4.amount: is 1',
      'faults.5.target: unknown target of duplicate "feeds"',
      'faults.5.amount: is 0',
    ]);
  });
});
