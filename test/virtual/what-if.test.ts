import { describe, expect, it } from 'vitest';
import { ask } from './what-if.ts';

const MODERATION = 'application.components.moderation';

describe('one number changed moves latency, cost and correctness as an AWS engineer would predict', () => {
  it('a visibility timeout shorter than the work makes a non-idempotent consumer apply twice, and costs more work', () => {
    const long = ask('all-functions', [`${MODERATION}.idempotent=false`]);
    const short = ask('all-functions', [`${MODERATION}.idempotent=false`, 'sqs.moderation.visibility_timeout_s=0.1']);
    expect(long.check('twice')).toBe(0);
    expect(short.check('twice')).toBeGreaterThan(50);
    expect(short.usd('moderation', /function-gb-s/)).toBeGreaterThan(1.2 * long.usd('moderation', /function-gb-s/));
  });

  it('an idempotent consumer suffers the same redeliveries without harm', () => {
    const idempotent = ask('all-functions', ['sqs.moderation.visibility_timeout_s=0.1']);
    expect(idempotent.check('twice')).toBe(0);
    expect(idempotent.check('suppressed')).toBeGreaterThan(50);
  });

  it('so does a conditional write of a consumer that is not', () => {
    const conditional = ask('all-functions', [
      `${MODERATION}.idempotent=false`,
      `${MODERATION}.steps=[{"write":"posts","of":"actor","effect":"moderated","conditional":true}]`,
      'sqs.moderation.visibility_timeout_s=0.1',
    ]);
    expect(conditional.check('twice')).toBe(0);
    expect(conditional.check('suppressed')).toBeGreaterThan(50);
  });

  it('duplicates at a stated rate apply twice in proportion, unless the consumer is idempotent', () => {
    const planted = ['sqs.moderation.duplicate_rate=0.05', `${MODERATION}.idempotent=false`];
    const { result, check } = ask('all-functions', planted);
    const moderated = result.lags.find((l) => l.component === 'moderation')!.lag.count;
    expect(check('twice')).toBeGreaterThan(0.03 * moderated);
    expect(check('twice')).toBeLessThan(0.07 * moderated + 20);
  });

  it('more memory makes CPU-bound moderation faster, until one vCPU; beyond it only dearer', () => {
    const at = (memory_mb: number) =>
      ask('all-functions', [
        `overrides.components={"moderation":{"platform":"function","memory_mb":${memory_mb}}}`,
        `${MODERATION}.memory_mb=256`,
      ]);
    const [small, full, large] = [at(512), at(1769), at(3538)];
    expect(small!.lag('moderation', 0.5)).toBeGreaterThan(2 * full!.lag('moderation', 0.5));
    expect(small!.exposure()).toBeGreaterThanOrEqual(full!.exposure());
    expect(large!.lag('moderation', 0.5)).toBeGreaterThan(0.9 * full!.lag('moderation', 0.5));
    const usd = [full, large].map((o) => o!.usd('moderation', /function-gb-s/));
    expect(usd[1]! / usd[0]!).toBeGreaterThan(1.8);
    expect(usd[1]! / usd[0]!).toBeLessThan(2.2);
  });

  it('what was posted before the window that is played is taken as moderated', () => {
    const calm = ask('hybrid');
    const check = calm.result.checks.find((c) => c.name === 'shown_before_moderated')!;
    expect(check.exposure!.max_s).toBeLessThan(60);
    expect(check.examples.join()).not.toMatch(/still not at the end/);
  });

  it('dead letters: a consumer that always fails loses every message after its receives, and the check says so', () => {
    const failing = ask('hybrid', [
      'application.components.notify.error_rate=1',
      'sqs.notify.visibility_timeout_s=2',
      'sqs.notify.receives_max=3',
    ]);
    const posts = failing.result.lags.find((l) => l.component === 'moderation')!.lag.count;
    expect(failing.check('dead_lettered')).toBeGreaterThanOrEqual(posts);
    expect(failing.check('lost')).toBe(failing.check('dead_lettered'));
    expect(failing.result.lags.find((l) => l.component === 'notify')!.lag.count).toBe(0);
  });

  it('a failing consumer with patience loses nothing, but is late and pays for its retries', () => {
    const flaky = ask('hybrid', [
      'application.components.notify.error_rate=0.3',
      'sqs.notify.visibility_timeout_s=2',
      'sqs.notify.receives_max=100',
    ]);
    const sound = ask('hybrid', ['application.components.notify.error_rate=0']);
    expect(flaky.check('lost')).toBe(0);
    expect(flaky.lag('notify', 0.9)).toBeGreaterThan(2000);
    expect(flaky.usd('notify', /sqs/)).toBeGreaterThan(1.1 * sound.usd('notify', /sqs/));
  });

  it('consistent reads of the stores cost twice the units and are never stale', () => {
    const placed = (consistent: boolean) =>
      ask('hybrid', [
        `overrides.datasets={"feeds":{"store":"dynamodb","consistent_reads":${consistent}},"posts":{"store":"dynamodb","consistent_reads":${consistent}}}`,
        'application.components.profile.cpu_ms=1',
        'dynamodb.stale_lag_ms=20000',
      ]);
    const [eventual, consistent] = [placed(false), placed(true)];
    expect(eventual!.check('stale_read')).toBeGreaterThan(consistent!.check('stale_read'));
    const units = [eventual, consistent].map(
      (o) => o!.result.usage.find((u) => u.component === 'feeds' && u.item === 'dynamodb-read-units')!.quantity,
    );
    expect(units[1]! / units[0]!).toBeCloseTo(2, 6);
  });

  it('a longer time to live at the edge takes load off the profiles, saves money, and shows older pages', () => {
    const at = (ttl_s: number) =>
      ask('hybrid', [
        `application.operations.view-profile.steps=[{"cached":"edge","of":"object","ttl_s":${ttl_s},"otherwise":[{"call":"profile"}]},{"show":"post","of":"object"}]`,
      ]);
    const [none, minute] = [at(0), at(60)];
    expect(minute!.pool('server/profile').calls).toBeLessThan(0.6 * none!.pool('server/profile').calls);
    expect(minute!.p('view-profile', 0.5)).toBeLessThan(none!.p('view-profile', 0.5));
    expect(minute!.check('stale_read')).toBeGreaterThan(none!.check('stale_read'));
  });

  it('a lower account concurrency throttles a burst: clients retry, and more of them fail', () => {
    const wide = ask('all-functions');
    const narrow = ask('all-functions', ['account.concurrency=25']);
    const sum = (o: typeof wide, key: 'attempts' | 'refused') => o.result.operations.reduce((s, x) => s + x[key], 0);
    expect(sum(wide, 'refused')).toBe(0);
    expect(sum(narrow, 'refused')).toBeGreaterThan(100);
    expect(sum(narrow, 'attempts')).toBeGreaterThan(1.02 * sum(wide, 'attempts'));
  });

  it('idle expiry and provisioned concurrency: shorter keeps fewer warm, provisioned has no cold starts and costs more', () => {
    const place = (provisioned: number) =>
      `overrides.components={"search":{"platform":"function","memory_mb":1769,"provisioned":${provisioned}}}`;
    const warm = ask('all-functions', [place(0)]);
    const short = ask('all-functions', [place(0), 'function.search.idle_expiry_s=1']);
    const kept = ask('all-functions', [place(30)]);
    expect(short.pool('function/search').colds).toBeGreaterThan(3 * warm.pool('function/search').colds);
    expect(short.p('search', 0.9)).toBeGreaterThan(warm.p('search', 0.9));
    expect(kept.pool('function/search').colds).toBe(0);
    expect(kept.usd('search')).toBeGreaterThan(warm.usd('search'));
  });

  it('a slower boot makes a scaled pool late: the same crowd hurts longer', () => {
    const at = (boot_s: number) => ask('all-servers', [`server.boot_s=${boot_s}`], { rate: 1, length_s: 420 });
    const missed = [10, 240].map((boot_s) => at(boot_s).result.operations.reduce((s, x) => s + x.sent - x.served, 0));
    expect(missed[1]!).toBeGreaterThan(1.2 * missed[0]!);
  });

  it('a batch that may wait longer is fuller: fewer, longer computations and later answers', () => {
    const at = (batch_wait_ms: number) => ask('hybrid-gpu', [`gpu.recommend.batch_wait_ms=${batch_wait_ms}`]);
    const [eager, patient] = [at(1), at(80)];
    expect(patient!.p('view-feed', 0.5)).toBeGreaterThan(eager!.p('view-feed', 0.5) + 30);
  });
});
