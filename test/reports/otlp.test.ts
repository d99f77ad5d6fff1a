import { describe, expect, it } from 'vitest';
import { otlp, RUN_BEGAN_NS } from '../../reports/otlp.ts';
import type { Trace } from '../../simulator/domain/trace.ts';
import { reportOf } from './fixture.ts';
import { traceFixture } from './fixture-trace.ts';

interface Written {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  links?: { traceId: string; spanId: string }[];
  status: { code?: number };
}
interface Line {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Written[] }[];
  }[];
}

const report = reportOf();
const [row] = report.strategies;
if (row) row.traces = [traceFixture()];
const text = otlp(report);
const lines = text
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);
const spans = lines.flatMap((line) => line.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((scope) => scope.spans)));

/** Every key of a value, however deep. */
function keysOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(value).flatMap(([key, below]) => [key, ...keysOf(below)]);
}

describe('spans for OpenTelemetry', () => {
  it('stand on one line a trace, each a whole document', () => {
    expect(text.endsWith('\n')).toBe(true);
    expect(lines.map((line) => Object.keys(line))).toEqual([['resourceSpans']]);
  });

  it('keep to the JSON of the protocol: lowerCamelCase, ids in hexadecimal, kinds as numbers, 64-bit numbers as text', () => {
    expect(keysOf(lines).filter((key) => !/^[a-z][A-Za-z]*$/.test(key))).toEqual([]);
    for (const span of spans) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect([1, 2, 3, 4, 5]).toContain(span.kind);
      expect([span.startTimeUnixNano, span.endTimeUnixNano].join(' ')).toMatch(/^\d{19} \d{19}$/);
      for (const { key, value } of span.attributes) {
        expect(key).not.toBe('');
        expect(Object.keys(value)).toHaveLength(1);
        expect(['stringValue', 'boolValue', 'intValue', 'doubleValue']).toContain(Object.keys(value)[0]);
        if ('intValue' in value) expect(typeof value.intValue).toBe('string');
      }
    }
  });

  it('name a service for each component, and every parent exists or is left out', () => {
    const services = lines.flatMap((line) =>
      line.resourceSpans.map((one) => one.resource.attributes.find((a) => a.key === 'service.name')?.value.stringValue),
    );
    expect(services).toEqual([...new Set(traceFixture().spans.map((span) => span.component))]);
    const ids = new Set(spans.map((span) => span.spanId));
    expect(spans.filter((span) => span.parentSpanId !== undefined && !ids.has(span.parentSpanId))).toEqual([]);
    expect(spans.filter((span) => span.parentSpanId === undefined)).toHaveLength(1);
  });

  it('link what nobody waited for to what caused it, and mark what failed', () => {
    const linked = spans.filter((span) => span.links !== undefined);
    expect(linked.map((span) => span.links?.[0]?.spanId === span.parentSpanId)).toEqual([true, true]);
    expect(spans.filter((span) => span.status.code === 2)).toHaveLength(1);
  });

  it('last as long as the report says, to the microsecond', () => {
    const trace: Trace = traceFixture();
    const root = spans.find((span) => span.parentSpanId === undefined);
    const [start, end] = [BigInt(root?.startTimeUnixNano ?? 0), BigInt(root?.endTimeUnixNano ?? 0)];
    expect(end - start).toBe(BigInt(trace.latency_us) * 1000n);
    expect(start - RUN_BEGAN_NS).toBe(BigInt(trace.spans[0]?.start_us ?? 0) * 1000n);
    expect(new Date(Number(RUN_BEGAN_NS / 1_000_000n)).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  });
});
