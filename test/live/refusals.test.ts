import { describe, expect, it } from 'vitest';
import { followedEffects } from '../../simulator/domain/undoing.ts';
import { emulatorProblems, refusalsOf, saturationRefusalsOf } from '../../simulator/worlds/live/refusals.ts';
import { faultOf, shop } from '../planted/planted.ts';
import { cellOf, FUNCTION, type Small } from '../virtual/small.ts';

const refused = (o: Small) =>
  refusalsOf(cellOf(o).plan).map(({ path, message, expected }) => `${path}: ${message} (${expected})`);
const under = (text: string, o: Partial<Small> = {}) => refused({ ...shop({}), ...o, faults: [faultOf(text)] });

describe('what real parts cannot do is refused before the run', () => {
  it.each([
    ['stop orders at 1s for 1s', "fault 'stop orders': the live world cannot stop postgres (rabbitmq)"],
    ['stop sqs at 1s for 1s', "fault 'stop sqs': the live world cannot stop sqs/placed/ship (rabbitmq)"],
    [
      'throttle stock to 50% at 1s for 1s',
      "fault 'throttle stock to 50%': the live world cannot throttle postgres (a component that is a function)",
    ],
  ])('%s', (text, sentence) => {
    expect(under(text)).toEqual([sentence]);
  });

  it('slow, of a store that cannot be', () => {
    const datasets: Small['datasets'] = { ...shop({}).datasets, shipments: { description: 'rows', shape: 'key-value' } };
    expect(under('slow shipments by x3 at 1s for 1s', { datasets })).toEqual([
      "fault 'slow shipments by x3': the live world cannot slow dynamodb/shipments (postgres, or a component)",
    ]);
    expect(under('slow orders by x3 at 1s for 1s')).toEqual([]);
  });

  it('a fault of functions that run in an emulator', () => {
    const overrides = { components: { ...shop({}).overrides?.components, order: FUNCTION.station } };
    const problems = (text: string) => emulatorProblems(cellOf({ ...shop({}), overrides, faults: [faultOf(text)] }).plan);
    expect(problems('kill order at 1s').map(({ message }) => message)).toEqual([
      'functions in an emulator cannot be struck, and function/order is one',
    ]);
    expect(problems('kill ship at 1s')).toEqual([]);
  });

  it('a fault in the middle of what is sustained at most', () => {
    const { plan } = cellOf({ ...shop({}), faults: [faultOf('kill ship at 1s')] });
    expect(saturationRefusalsOf(plan).map(({ path, expected }) => [path, expected])).toEqual([
      ["fault 'kill ship'", '--driver own, or a scenario without faults'],
    ]);
  });

  it('effects that are undone in objects, which no condition holds together', () => {
    const rows = { description: 'rows', shape: 'key-value' as const };
    const undoing: Small = {
      components: {
        station: {
          description: 'does and undoes',
          steps: [
            { write: 'kept', effect: 'done', unless: 'undone' },
            { write: 'kept', effect: 'undone', undoes: 'done' },
          ],
        },
      },
      datasets: { kept: rows },
      overrides: { components: FUNCTION, datasets: { kept: { store: 's3' } } },
    };
    expect(refused(undoing)).toEqual([
      'dataset kept: s3 cannot undo effects or wait for them in the live world (dynamodb or postgres)',
    ]);
    expect(refused({ ...undoing, overrides: { components: FUNCTION, datasets: { kept: { store: 'dynamodb' } } } })).toEqual([]);
  });

  it('but not effects in objects that nobody undoes or waits for', () => {
    const kept = { description: 'rows', shape: 'key-value' as const };
    const station = { description: 'does', steps: [{ write: 'kept', effect: 'done' }] };
    const doing: Small = {
      components: { station },
      datasets: { kept },
      overrides: { components: FUNCTION, datasets: { kept: { store: 's3' } } },
    };
    expect([...followedEffects(cellOf(doing).plan)]).toEqual([]);
    expect(refused(doing)).toEqual([]);
  });
});
