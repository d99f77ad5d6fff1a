import { describe, expect, it } from 'vitest';
import { consume, count, play } from './small.ts';

const exposure = (result: ReturnType<typeof play>) => result.checks.find((c) => c.exposure)?.exposure;

describe('checks come from the mechanics', () => {
  it('what is still in a queue at the end is pending, not lost', () => {
    const result = consume({ station: { io_ms: 20_000 }, parameters: { 'sqs.visibility_timeout_s': 3600 }, drain_s: 0 });
    // Sent at 1 .. 59 s: those from 40 s on are not done at 60.
    expect([count(result, 'pending'), count(result, 'lost')]).toEqual([20, 0]);
  });

  it('a consumer that writes nothing has worked a message off all the same', () => {
    const result = consume({ station: { steps: [{ write: 'rows', effect: 'handled' }] } });
    const silent = consume({ station: { steps: [] }, entities: { thing: { accepted: 'accepted' } } });
    expect([result, silent].map((r) => [count(r, 'lost'), count(r, 'pending')])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it.each([
    ['a component that is not idempotent accepts twice', false, false, 9, 0],
    ['an idempotent one recognises its repeat', true, false, 0, 9],
    ['a conditional write does so too', false, true, 0, 9],
  ])('when a user gives up and tries again: %s', (_what, idempotent, conditional, twice, suppressed) => {
    const result = play({
      components: {
        station: {
          description: 'writes, then waits',
          idempotent,
          steps: [{ write: 'rows', effect: 'accepted', conditional }, { call: 'slow' }],
        },
        slow: { description: 'waits', io_ms: 5_000 },
      },
      operations: {
        work: { description: 'impatient', creates: 'thing', attempts: 2, timeout_ms: 1_000, steps: [{ call: 'station' }] },
      },
      entities: { thing: { accepted: 'accepted' } },
      datasets: { rows: { description: 'rows', shape: 'key-value' } },
      duration_s: 10,
    });
    expect([count(result, 'twice'), count(result, 'suppressed')]).toEqual([twice, suppressed]);
  });

  it('what is shown before it is moderated counts, for as long as it was', () => {
    const operations = {
      work: {
        description: 'posts and looks',
        creates: 'thing',
        attempts: 1,
        steps: [{ call: 'maker' }, { show: 'thing' as const, of: 'actor' as const }],
      },
    };
    const parameters = { 'sqs.visibility_timeout_s': 3600 };
    const result = consume({ station: { io_ms: 5_000 }, operations, parameters, rate: 0.1, duration_s: 100 });
    expect(count(result, 'shown_before_handled')).toBe(9);
    expect(exposure(result)?.max_s).toBeCloseTo(5.008, 6);
    expect(exposure(result)?.total_s).toBeCloseTo(9 * 5.008, 6);
  });

  it('what is shown after it was moderated does not count', () => {
    const operations = {
      work: {
        description: 'looks at the last, then posts',
        creates: 'thing',
        attempts: 1,
        steps: [{ show: 'thing' as const, of: 'actor' as const }, { call: 'maker' }],
      },
    };
    const result = consume({ station: { io_ms: 5_000 }, operations, rate: 0.1, duration_s: 100 });
    expect([count(result, 'shown_before_handled'), result.ledger?.filter((e) => e.kind === 'shown').length]).toEqual([0, 8]);
  });

  it.each([
    ['again', false, 18],
    ['once', true, 9],
  ])('a repeated attempt publishes %s when its component is idempotent: %s', (_what, idempotent, published) => {
    const result = play({
      components: {
        station: { description: 'publishes, then waits', idempotent, steps: [{ publish: 'made' }, { call: 'slow' }] },
        slow: { description: 'waits', io_ms: 5_000 },
        taker: { description: 'takes' },
      },
      operations: { work: { description: 'impatient', attempts: 2, timeout_ms: 1_000, steps: [{ call: 'station' }] } },
      events: { made: { description: 'made', consumers: { taker: {} } } },
      duration_s: 10,
    });
    expect(result.lags[0]?.lag.count).toBe(published);
  });

  it('events and effects are told apart however many there are', () => {
    // Nine events, each with a consumer of its own effect: the ninth was once taken for the second, and never sent.
    const names = 'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `event-${letter}`);
    const components = Object.fromEntries(
      names.map((name) => [
        name.replace('event', 'part'),
        { description: name, steps: [{ write: 'rows', effect: `${name}-done` }] },
      ]),
    );
    const result = play({
      components: {
        ...components,
        station: {
          description: 'publishes',
          steps: [{ write: 'rows', effect: 'accepted' }, ...names.slice(0, 19).map((publish) => ({ publish }))],
        },
      },
      operations: {
        work: {
          description: 'all',
          creates: 'thing',
          steps: [{ call: 'station' }, ...names.slice(19).map((publish) => ({ publish }))],
        },
      },
      entities: { thing: { accepted: 'accepted' } },
      datasets: { rows: { description: 'rows', shape: 'key-value' } },
      events: Object.fromEntries(
        names.map((name) => [name, { description: name, consumers: { [name.replace('event', 'part')]: {} } }]),
      ),
      duration_s: 10,
    });
    expect([count(result, 'lost'), count(result, 'suppressed')]).toEqual([0, 0]);
    expect(result.lags.map((l) => l.lag.count)).toEqual(names.map(() => 9));
  });
});
