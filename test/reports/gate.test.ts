import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { gateAnnotations } from '../../reports/gate/annotations.ts';
import { gateJunit } from '../../reports/gate/junit.ts';
import { gateMarkdown } from '../../reports/gate/markdown.ts';
import { gateText } from '../../reports/gate/terminal.ts';
import { foundReport } from './gate-fixture.ts';

const SCHEMA = readFileSync(new URL('junit.xsd', import.meta.url), 'utf8');
const WIDE = { colour: false, width: 120 };

async function problemsIn(xml: string): Promise<string[]> {
  const found = await validateXML({
    xml: { fileName: 'junit.xml', contents: xml },
    schema: { fileName: 'junit.xsd', contents: SCHEMA },
  });
  return found.errors.map((error) => error.message);
}

describe('JUnit of a gate', () => {
  const xml = gateJunit(foundReport(), { seconds: 1234.5 });

  it('is what the schema of Jenkins takes, whatever stands in names', async () => {
    expect(await problemsIn(xml)).toEqual([]);
  });

  it('is held to that: the schema refuses what it does not know, and what is no XML', async () => {
    expect(await problemsIn(xml.replace('classname=', 'class='))).not.toEqual([]);
    expect(await problemsIn(xml.replace('&lt;', '<'))).not.toEqual([]);
  });

  it('makes what is worse a failure, what is too noisy an error, what has too few samples skipped', () => {
    const suite = /<testsuite name="[^"]*hybrid" tests="9" failures="3" errors="2" skipped="1">/;
    expect(xml).toMatch(suite);
    expect(xml).toMatch(/<testsuites [^>]*tests="10" failures="3" errors="2">/);
    expect(xml).toMatch(/name="read p95"[^>]*><failure type="regression" message="hybrid: read p95: 100 ms before, 120 ms now/);
    expect(xml).toMatch(/name="read p99"[^>]*><error type="too-noisy"/);
    expect(xml).toMatch(/name="sign p99"[^>]*\/>/);
    expect(xml).toMatch(/name="check lost"[^>]*><failure type="check"/);
  });

  it('says why in the output of every suite', () => {
    expect(xml.match(/<system-out>[^<]*cpu_ms: 8 → 12/g)).toHaveLength(2);
  });
});

describe('Markdown of a gate', () => {
  it('has the outcome, tables by standing, and why; no name becomes markup', () => {
    const text = gateMarkdown(foundReport(), { page: 'reports/runs/x/report.html' });
    expect(text).toMatch(/^## ✗ Failed: shop &lt;&amp;&gt;/);
    expect(text).toMatch(/### Worse\n\n\| Strategy[\s\S]*\| hybrid \| read p95 \| 100 ms \| 120 ms \| \+20 ms \+20 % \|/);
    expect(text).toMatch(/### What went in differently\n\n- scenario: application\.components\.page\.cpu_ms: 8 → 12/);
    expect(text).toContain('`reports/runs/x/report.html`');
  });
});

describe('annotations', () => {
  it('are an error for each thing that is worse, and one line each', () => {
    const lines = gateAnnotations(foundReport()).trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(3);
    expect(lines.every((line) => /^::(error|warning) title=[^:]*::./.test(line))).toBe(true);
    expect(lines.join()).toContain('baseline * 1.05: missed (110 ms, limit 105 ms)');
  });

  it('warn of what is too noisy only where that is the outcome, and say how many were left out', () => {
    expect(gateAnnotations(foundReport({ outcome: 'unclear', checks: [], lines: [] }))).toMatch(/::warning [^\n]*read p99/);
    const [one] = foundReport().measures;
    const many = foundReport({ measures: Array.from({ length: 30 }, () => one as never), checks: [], lines: [] });
    expect(gateAnnotations(many).trimEnd().split('\n').at(-1)).toMatch(/and 21 more/);
    expect(gateAnnotations(foundReport({ outcome: 'passed', measures: [], checks: [], lines: [] }))).toBe('');
  });
});

describe('the text of a gate', () => {
  it('names what is worse, better and unclear, and what went in differently', () => {
    const text = gateText(foundReport(), WIDE);
    expect(text).toMatch(/✗ Failed: shop <&> "sale" \(virtual\) against baseline baselines\/shop\.json \(version 1\.2\.0\)/);
    expect(text).toMatch(/Worse\n.*\nhybrid +read p95 +100 ms +120 ms +\+20 ms +\+20 %/);
    expect(text).toMatch(/Better\n.*\nhybrid +throughput +40\/s +44\/s +\+4\/s/);
    expect(text).toMatch(/Cannot be told apart from noise/);
    expect(text).toMatch(/scenario: application\.components\.page\.cpu_ms: 8 → 12/);
    expect(text).toMatch(/Not in the baseline:\s+all-servers/);
  });

  it('says so where nothing that went in has changed', () => {
    expect(gateText(foundReport({ changes: [] }), WIDE)).toMatch(/What came out\s+differently is the program itself/);
  });
});
