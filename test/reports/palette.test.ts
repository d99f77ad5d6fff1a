import { describe, expect, test } from 'vitest';
import { COLOURS } from '../../reports/charts/canvas.ts';
import { DARK, LIGHT } from '../../reports/html/palette.ts';

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('the %s palette', (_, palette) => {
  const of = (name: string) => palette[name] ?? 'missing';

  test.each([
    ['ink', 'surface'],
    ['ink', 'page'],
    ['ink', 'tint'],
    ['muted', 'surface'],
    ['muted', 'page'],
    ['accent', 'surface'],
    ['good', 'surface'],
    ['bad', 'surface'],
    ['unsure', 'surface'],
    ['good', 'good-tint'],
    ['bad', 'bad-tint'],
    ['unsure', 'unsure-tint'],
  ])('text in %s on %s can be read: 4.5 to 1', (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  test.each([...Array.from({ length: COLOURS }, (_, i) => `s${i}`), 'rest', 'wanted', 'demand', 'axis', 'ready-line'])(
    '%s stands out: 3 to 1',
    (name) => {
      expect(contrast(of(name), of('surface'))).toBeGreaterThanOrEqual(3);
    },
  );

  test('wanted and demand stand out from the ready area that they are drawn on', () => {
    for (const name of ['wanted', 'demand']) expect(contrast(of(name), of('ready'))).toBeGreaterThanOrEqual(3);
  });
});

test('both palettes name the same colours', () => {
  expect(Object.keys(DARK)).toEqual(Object.keys(LIGHT));
});
