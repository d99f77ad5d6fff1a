import type { ScenarioInput } from '../simulator/domain/scenario.ts';

type Module = { default: ScenarioInput };

/** Every shipped scenario: what it is in a line, and how to load it. */
export const SCENARIOS: Readonly<Record<string, { description: string; load(): Promise<Module> }>> = {
  hello: { description: 'the smallest that shows everything; a second', load: () => import('./hello.ts') },
  'social-peak': {
    description: "a social network's evening with a flash crowd: the main job",
    load: () => import('./social-peak.ts'),
  },
  'shop-sale': {
    description: 'a flash sale: hundreds want the same few products in the same second',
    load: () => import('./shop-sale.ts'),
  },
  canary: { description: 'must fail its objectives: an alarm that is tested', load: () => import('./canary.ts') },
};
