import { writeFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { reportError } from '../../simulator/cli/errors.ts';

afterEach(() => vi.restoreAllMocks());

const full = () => {
  try {
    writeFileSync('/dev/full', 'x');
  } catch (error) {
    return error;
  }
  throw new Error('a device that is always full took something');
};

it.skipIf(process.platform !== 'linux').each([
  ['a file', full],
  [
    'PostgreSQL',
    () => Object.assign(new Error('could not extend file "base/5/1249": No space left on device'), { code: '53100' }),
  ],
])('a full disk behind %s ends with 3 and says what to do, wherever it was noticed', (_, error) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(reportError(error())).toBe(3);
  expect(said.mock.calls.flat().join('\n')).toMatch(/^The disk is full: .*no space left on device.*Make room.*TMPDIR=/i);
});

it('another error is still a fault of ours', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(reportError(new RangeError('what nobody thought of'))).toBe(70);
});
