import pc from 'picocolors';
import type { Container } from '../simulator/domain/container.ts';
import { grid } from './grid.ts';

/** The containers of a stack: what each is, how it does, and where this machine reaches it. */
export function stackTable(containers: readonly Container[], o: { colour: boolean }): string {
  if (containers.length === 0) return 'No container is up: npm run stack up';
  const colours = pc.createColors(o.colour);
  const isWell = ({ state, health }: Container) => state === 'running' && (health === '' || health === 'healthy');
  return grid({
    head: ['service', 'container', 'state', 'on loopback'],
    rows: [...containers]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((container) => {
        const { service, name, state, health, ports } = container;
        const said = health === '' ? state : `${state}, ${health}`;
        const reached = Object.entries(ports).map(([inside, outside]) => `127.0.0.1:${outside} (${inside})`);
        return [service, name, isWell(container) ? colours.green(said) : colours.red(said), reached.join(', ')];
      }),
    isText: [true, true, true, true],
    colours,
  });
}
