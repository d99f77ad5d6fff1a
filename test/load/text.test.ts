import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseText } from '../../simulator/plan/load/text.ts';

const problems = (text: string, kind: 'yaml' | 'json' = 'yaml') => {
  const parsed = parseText(text, kind);
  return 'problems' in parsed ? parsed.problems.map((p) => `${p.path} ${p.message}`) : [];
};
const read = (text: string, kind: 'yaml' | 'json' = 'yaml') => {
  const parsed = parseText(text, kind);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
};

describe('YAML', () => {
  test('every path leads to its line and column, names with dots among them, and unknown ones to what is nearest above', () => {
    const text = 'application:\n  steps:\n    - call: a\n    - call: b\nparameters:\n  sqs.x.timeout: 5\n  sqs.y: 6\n';
    const { at } = read(text);
    expect(at('application.steps.1.call')).toEqual({ line: 4, column: 7 });
    expect(at('parameters.sqs.x.timeout')).toEqual({ line: 6, column: 3 });
    expect(at('parameters.sqs.y')).toEqual({ line: 7, column: 3 });
    expect(at('application.steps.1.call.deeper.still')).toEqual({ line: 4, column: 7 });
    expect(at('nothing')).toBeUndefined();
  });

  test('all syntax errors are told at once, with their places', () => {
    const found = problems('a: [1, 2\nb: "x\nc: }\n');
    expect(found.length).toBeGreaterThan(1);
    expect(found[0]).toMatch(/^\d+:\d+ /);
  });

  test('a name that stands twice is refused, each time at its second place', () => {
    expect(problems('a: 1\nb:\n  c: 1\n  c: 2\na: 3\n').sort()).toEqual([
      "4:3 the name 'c' stands here again",
      "5:1 the name 'a' stands here again",
    ]);
  });

  test('a bomb of aliases is refused, a few aliases are not', () => {
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const bomb = levels
      .map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(i === 0 ? 'x' : `*${levels[i - 1]}`)
            .join(', ')}]`,
      )
      .join('\n');
    expect(problems(bomb)).toEqual(['file has aliases that multiply']);
    expect(read('a: &a {x: 1}\nb: *a\n').value).toEqual({ a: { x: 1 }, b: { x: 1 } });
  });

  test('too much text, too much depth, several documents and unknown tags are refused', () => {
    expect(problems(`a: ${'x'.repeat(1_000_000)}`)[0]).toMatch(/^file has 1000003 characters/);
    expect(problems(`${'['.repeat(20_000)}${']'.repeat(20_000)}`)[0]).toMatch(/is nested too deeply/);
    expect(problems('a: 1\n---\nb: 2\n')).toHaveLength(1);
    expect(problems('a: !!js/function "x"\n')).toHaveLength(1);
  });

  test('numbers that are none arrive as such, and prototype keys as keys', () => {
    expect(read('a: .nan\nb: .inf\n').value).toEqual({ a: Number.NaN, b: Number.POSITIVE_INFINITY });
    expect(Object.keys(read('__proto__: {x: 1}\n').value as object)).toEqual(['__proto__']);
  });
});

describe('JSON', () => {
  test('a syntax error has its line and column', () => {
    expect(problems('{\n  "a": 1,\n  "b" 2\n}', 'json')[0]).toMatch(/^3:7 /);
    expect(problems('{"a": ', 'json')[0]).toMatch(/^1:6 /);
    expect(problems("{'a': 1}", 'json')).toHaveLength(1);
  });

  test('a name that stands twice is refused, at its second place, also written with escapes', () => {
    expect(problems('{"a": {"b": 1, "b": 2},\n "\\u0061": 3}', 'json')).toEqual([
      "1:16 the name 'b' stands here again",
      "2:2 the name 'a' stands here again",
    ]);
    expect(problems('[{"a": 1}, {"a": 1}]', 'json')).toEqual([]);
  });

  test('every path leads to its line and column', () => {
    const { at } = read('{\n "a": [1, {"b.c": {"d": 5}}],\n "e": "},{"\n}', 'json');
    expect(at('a.1.b.c.d')).toEqual({ line: 2, column: 20 });
    expect(at('a.0')).toEqual({ line: 2, column: 8 });
    expect(at('e.x')).toEqual({ line: 3, column: 2 });
  });

  test('what JSON.stringify writes is read as it was, by both readers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(read(JSON.stringify(value, null, 1), 'json').value).toEqual(plain);
        expect(JSON.stringify(read(stringify(plain)).value)).toBe(JSON.stringify(plain));
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
