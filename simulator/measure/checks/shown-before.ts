import { type CheckDefinition, EXAMPLES_MAX, seconds } from './check.ts';
import { Sparse } from './sparse.ts';

/** Nothing is shown before the effect that should come first (a moderated post), and for how long it was. */
export const shownBefore: CheckDefinition = {
  name: 'shown_before_moderated',
  description: 'shown to a user before it was moderated; exposure is from the first such view until it was',
  create({ words, shownAfter }) {
    const readyAt = new Sparse(-1);
    const exposedAt = new Sparse(-1);
    let count = 0;
    let total = 0;
    let longest = 0;
    const stories = new Map<number, string>();
    const close = (entity: number, from: number, to: number, ending: string) => {
      const exposure = (to - from) / 1000;
      total += exposure;
      longest = Math.max(longest, exposure);
      const story = stories.get(entity);
      if (story !== undefined) stories.set(entity, `${story}, ${ending} after ${exposure.toFixed(3)} s`);
    };
    return {
      roles: ['applied', 'shown'],
      take(line) {
        if (shownAfter < 0) return;
        if (line.role === 'applied') {
          if (line.effect !== shownAfter || readyAt.get(line.entity) >= 0) return;
          readyAt.set(line.entity, line.at_ms);
          const from = exposedAt.get(line.entity);
          if (from >= 0 && from < line.at_ms) close(line.entity, from, line.at_ms, words.effect(shownAfter));
          return;
        }
        const ready = readyAt.get(line.entity);
        if (ready >= 0 && ready <= line.at_ms) return;
        count++;
        if (exposedAt.get(line.entity) >= 0) return;
        exposedAt.set(line.entity, line.at_ms);
        if (stories.size < EXAMPLES_MAX) stories.set(line.entity, `entity ${line.entity} shown at ${seconds(line.at_ms)}`);
      },
      finish(ending) {
        exposedAt.forEach((entity, from) => {
          if (readyAt.get(entity) < 0) close(entity, from, ending.at_ms, 'still not at the end');
        });
        const exposure = { total_s: total, max_s: longest };
        const name = shownAfter >= 0 ? `shown_before_${words.effect(shownAfter).replaceAll('-', '_')}` : shownBefore.name;
        return { name, description: shownBefore.description, count, examples: [...stories.values()], exposure };
      },
    };
  },
};
