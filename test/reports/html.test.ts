import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { html } from '../../reports/html/html.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { emptyReport, HOSTILE, hostileReport, LARGE, reportOf } from './fixture.ts';

type Parsed = ReturnType<typeof parseHTML>['document'];

const pages = new Map<string, { text: string; document: Parsed }>();
const REPORTS: Record<string, () => Report> = {
  usual: () => reportOf(),
  large: () => reportOf(LARGE),
  empty: emptyReport,
  hostile: hostileReport,
  single: () => reportOf({ strategies: 1 }),
  'many rows': manyRows,
};

function manyRows(): Report {
  const report = reportOf();
  report.strategies = [1, 2, 4].flatMap((rate) => report.strategies.map((strategy) => ({ ...strategy, rate })));
  return report;
}

beforeAll(async () => {
  for (const [name, build] of Object.entries(REPORTS)) {
    const text = await html(build());
    pages.set(name, { text, document: parseHTML(text).document });
  }
}, 60_000);

function pageOf(name: string): { text: string; document: Parsed } {
  return pages.get(name) as { text: string; document: Parsed };
}

describe.each(Object.keys(REPORTS))('the page of the %s report', (name) => {
  test('needs nothing from elsewhere and runs no script', () => {
    const { document } = pageOf(name);
    expect(document.querySelectorAll('script, link, iframe, object, embed, img, base, form')).toHaveLength(0);
    for (const element of document.querySelectorAll('*')) {
      for (const { name: attribute, value } of element.attributes) {
        if (['href', 'src', 'srcset', 'action', 'xlink:href'].includes(attribute)) expect(value).toMatch(/^#/);
        expect(attribute).not.toMatch(/^on/);
        if (attribute === 'style') expect(value).not.toMatch(/url\(/);
      }
    }
    expect(document.querySelector('style')?.textContent).not.toMatch(/url\(|@import/);
    expect(document.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
  });

  test('ids are unique and every link inside the page leads somewhere', () => {
    const { document } = pageOf(name);
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of document.querySelectorAll('a[href]')) expect(ids).toContain(link.getAttribute('href')?.slice(1));
    for (const element of document.querySelectorAll('[aria-labelledby]'))
      expect(ids).toContain(element.getAttribute('aria-labelledby'));
  });

  test('every drawing has words instead, or says that it is decoration', () => {
    for (const svg of pageOf(name).document.querySelectorAll('svg')) {
      if (svg.getAttribute('aria-hidden') === 'true') continue;
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.getAttribute('aria-label')?.length ?? 0).toBeGreaterThan(10);
    }
  });

  test('headings go down one step at a time, under a single first one', () => {
    const levels = [...pageOf(name).document.querySelectorAll('h1, h2, h3, h4')].map((heading) =>
      Number(heading.tagName.slice(1)),
    );
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const [i, level] of levels.entries()) expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1);
  });

  test('every table has a name, column heads, and as many cells a row as heads', () => {
    for (const table of pageOf(name).document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).not.toBe('');
      const heads = table.querySelectorAll('thead th').length;
      for (const row of table.querySelectorAll('tbody tr')) {
        const cells = [...row.children].reduce((sum, cell) => sum + Number(cell.getAttribute('colspan') ?? 1), 0);
        expect(cells).toBe(heads);
      }
    }
  });

  test('no number came out as NaN, undefined or an object', () => {
    const { text } = pageOf(name);
    expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('colours are properties, so that one drawing serves both themes', () => {
    for (const element of pageOf(name).document.querySelectorAll('svg *')) {
      for (const attribute of ['fill', 'stroke'])
        expect(element.getAttribute(attribute) ?? 'none').toMatch(/^(none|currentColor|var\(--[\w-]+\))$/);
    }
  });
});

describe('the page', () => {
  test('several rates of one strategy are told apart from several strategies', () => {
    const { document } = pageOf('many rows');
    expect(document.querySelector('.facts')?.textContent).toMatch(/^\s*\d+ strategies at 3 rates/);
    const terms = [...document.querySelectorAll('#verdict .figures dt')].map((term) => term.textContent);
    for (const rate of [1, 2, 4]) expect(terms).toContain(`a month, at rate x${rate}`);
  });

  test('hostile names are read, not obeyed', () => {
    const { document, text } = pageOf('hostile');
    const shown = HOSTILE.replace('\u202e', '\\u202e').replace('\u001b', '\\u001b');
    expect(document.querySelector('h1')?.textContent).toBe(`social-peak${shown}`);
    expect(text).not.toContain('\u202e');
    expect(text).not.toMatch(/<script|<img/);
    const charts = [...document.querySelectorAll('svg[role=img]')].map((svg) => svg.getAttribute('aria-label') ?? '');
    expect(charts.some((label) => label.includes('<script>alert("1")</script>'))).toBe(true);
  });

  test('answers in this order, and each section is in the navigation', () => {
    const { document } = pageOf('usual');
    const sections = [...document.querySelectorAll('section')].map((section) => section.id);
    const order = [
      'verdict',
      'compare',
      'objectives',
      'correctness',
      'latency',
      'over-time',
      'scaling',
      'cost',
      'placement',
      'method',
    ];
    expect(sections).toEqual(order);
    expect([...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')?.slice(1))).toEqual(order);
    expect(document.querySelector('#verdict h2')?.textContent).toBe('Choose hybrid-burst.');
  });

  test('what is not there has no section', () => {
    const sections = [...pageOf('empty').document.querySelectorAll('section')].map((section) => section.id);
    expect(sections).toEqual(['verdict', 'compare', 'objectives', 'latency', 'method']);
  });

  test('shows every pool of every strategy, with the numbers behind', () => {
    const { document } = pageOf('large');
    expect(document.querySelectorAll('#scaling svg[role=img]')).toHaveLength(7 * 12);
    expect(document.querySelectorAll('#latency .grid svg[role=img]')).toHaveLength(7);
    expect(document.querySelector('#scaling')?.textContent).toContain('utilisation 0.');
  });

  test('names every parameter with source, date and kind; sources are text, not links', () => {
    const text = pageOf('usual').document.querySelector('#method')?.textContent ?? '';
    for (const part of [
      'function.init_ms',
      'lognormal, p50 210, p99 640',
      'https://example.org/cold-starts',
      '2026-08',
      'measured',
      '20 to 180',
    ]) {
      expect(text).toContain(part);
    }
  });

  test('the bill on the page adds up', () => {
    const rows =
      [...pageOf('usual').document.querySelectorAll('#cost table[class=small]')].at(-1)?.querySelectorAll('tbody tr') ?? [];
    const costs = [...rows].map((row) => Number(row.lastElementChild?.textContent?.replace(/[$,]/g, '')));
    const total = costs.pop() as number;
    expect(costs.length).toBeGreaterThan(10);
    expect(costs.reduce((sum, value) => sum + value, 0)).toBeCloseTo(total, 4);
  });

  test('a real run of seven strategies stays below 3 MB', () => {
    expect(Buffer.byteLength(pageOf('large').text)).toBeLessThan(3_000_000);
  });

  test("opens in the theme asked for, else in the reader's", async () => {
    expect(pageOf('usual').document.querySelector('input[checked]')?.id).toBe('theme-auto');
    expect(parseHTML(await html(emptyReport(), { theme: 'dark' })).document.querySelector('input[checked]')?.id).toBe(
      'theme-dark',
    );
  });

  test('the same report gives the same bytes', async () => {
    expect(await html(reportOf())).toBe(pageOf('usual').text);
  });
});
