import type { Span, Trace } from '../../simulator/domain/trace.ts';

const TRACE = '0123456789abcdef0123456789abcdef';

type Said = Pick<Span, 'name' | 'kind' | 'phase' | 'part' | 'component'> & Partial<Span>;

/** Span number `n` below number `above`, from and to milliseconds after the intended time. */
function span(n: number, above: number | null, [from, to]: readonly [number, number], said: Said): Span {
  const id = (number: number) => number.toString(16).padStart(16, '0');
  return {
    trace: TRACE,
    span: id(n),
    parent: above === null ? null : id(above),
    start_us: 90_000_000 + from * 1000,
    duration_us: (to - from) * 1000,
    is_linked: false,
    has_failed: false,
    attributes: {},
    ...said,
  };
}

/** A checkout of 100 ms: a hostile name, two reads at once of which the longer one counts, a message that nobody waits for. */
export function traceFixture(): Trace {
  const client = { part: 'client', component: 'client' };
  const cart = { part: 'server/cart', component: 'cart' };
  const store = { kind: 'client', phase: 'store', part: 'postgres', component: 'cart' } as const;
  return {
    operation: 'check-out',
    picks: ['slowest'],
    outcome: 'served',
    seed: 1,
    session: 7,
    action: 99,
    latency_us: 100_000,
    dropped: 0,
    spans: [
      span(1, null, [0, 100], {
        ...client,
        name: 'check-out',
        kind: 'internal',
        phase: 'back-off',
        attributes: { 'session.id': '7' },
      }),
      span(2, 1, [0, 100], { ...client, name: 'attempt', kind: 'client', phase: 'network' }),
      span(3, 2, [10, 90], { ...cart, name: '<script>alert("x")</script>', kind: 'server', phase: 'network' }),
      span(4, 3, [10, 40], {
        ...cart,
        name: 'wait for a slot',
        kind: 'internal',
        phase: 'queue',
        attributes: { share: 0.5, n: 3 },
      }),
      span(5, 3, [40, 50], { ...cart, name: 'cpu', kind: 'internal', phase: 'compute' }),
      span(6, 3, [50, 60], { ...store, name: 'read carts', has_failed: true, attributes: { 'error.type': 'throttled' } }),
      span(7, 3, [50, 80], { ...store, name: 'read stock' }),
      span(8, 3, [80, 84], { ...cart, name: 'send ordered', kind: 'producer', phase: 'channel' }),
      span(9, 8, [80, 150], {
        name: 'in queue',
        kind: 'internal',
        phase: 'channel',
        part: 'sqs/o',
        component: 'sqs/o',
        is_linked: true,
      }),
      span(10, 8, [150, 900], {
        ...{ name: 'fulfil', kind: 'consumer', phase: 'network', part: 'server/fulfil', component: 'fulfil' },
        is_linked: true,
      }),
      span(11, 10, [150, 900], { name: 'cpu', kind: 'internal', phase: 'compute', part: 'server/fulfil', component: 'fulfil' }),
    ],
  };
}
