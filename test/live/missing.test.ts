import { expect, it } from 'vitest';
import { findProgram } from '../../simulator/worlds/live/stacks/find-program.ts';
import { noRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq-program.ts';

it('a machine without RabbitMQ is told how to get it and which strategies do without', () => {
  expect(noRabbitmq(['all-functions', 'hybrid'])).toMatch(
    /^RabbitMQ is not installed.*Strategies that need no broker: all-functions, hybrid \(--strategy all-functions\)\.$/s,
  );
  expect(noRabbitmq([])).not.toContain('Strategies');
});

it('a program is found on PATH and in further folders, and is missing where nobody has it', () => {
  expect(findProgram('sh')).toMatch(/\/sh$/);
  expect(findProgram('no-such-program-anywhere', ['/bin'])).toBeUndefined();
});
