import type { StrategyReport } from '../../simulator/domain/report.ts';
import type { Story } from './fixture-parts.ts';

export function lagsOf(story: Story): StrategyReport['lags'] {
  const moderation = { event: 'post-created', component: 'moderation', done: 4100 };
  const fanOut = { event: 'post-created', component: 'fan-out', done: 90_000 };
  const transcode = { event: 'video-uploaded', component: 'transcode', done: 210 };
  return [
    { ...moderation, p50_ms: 640 * story.slower, p99_ms: 9_400 * story.slower, timeline: lagTimeline(4100, 900 * story.slower) },
    { ...fanOut, p50_ms: 92, p99_ms: 1_450 * story.slower, timeline: lagTimeline(90_000, 140 * story.slower) },
    { ...transcode, p50_ms: 41_000 * story.slower, p99_ms: null, timeline: lagTimeline(210, 44_000 * story.slower) },
  ];
}

/** Thirty spans of a minute; nothing was published in the first, and the flash crowd doubles the lag for three. */
function lagTimeline(done: number, mean_ms: number): StrategyReport['lags'][number]['timeline'] {
  return Array.from({ length: 30 }, (_, i) => {
    const isCrowded = i >= 17 && i < 20;
    return { at_s: i * 60, done: i === 0 ? 0 : done / 29, mean_ms: i === 0 ? null : mean_ms * (isCrowded ? 2 : 1) };
  });
}
