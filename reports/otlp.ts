import type { Report, StrategyReport } from '../simulator/domain/report.ts';
import type { Span, Trace } from '../simulator/domain/trace.ts';

/** When run time 0 of virtual time is said to be, in what knows calendar time only: 2026-01-01T00:00:00Z. */
export const RUN_BEGAN_NS = 1_767_225_600_000_000_000n;

/** What `export` calls them, and the only form that they come in. */
export const SPANS = {
  name: 'spans',
  format: 'otlp',
  description: `requests span by span, as OpenTelemetry's JSON (OTLP), a line a trace: of a report the slowest and a median one of each
    operation, of a scenario 64 of each besides, drawn by their keys; run time 0 of virtual time is
    2026-01-01T00:00:00Z`,
} as const;
export type SpansName = (typeof SPANS)['name'];

/** As the protocol numbers them. Source: opentelemetry-proto, trace/v1/trace.proto, SpanKind and StatusCode. */
const KINDS: Readonly<Record<Span['kind'], number>> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const ERROR = 2;

/**
 * The traces of a report as OpenTelemetry's JSON, a line a trace: what its file exporter writes, and what the collector's
 * `otlpjsonfile` receiver and Jaeger's upload read.
 *
 * Source: OpenTelemetry Protocol File Exporter; OTLP 1.x, JSON Protobuf encoding (hexadecimal ids, 64-bit numbers as text).
 */
export function otlp(report: Report): string {
  return report.strategies
    .flatMap((row) => (row.traces ?? []).map((trace) => `${JSON.stringify(request(report, row, trace))}\n`))
    .join('');
}

/** What is said of a service once, for all of its spans. */
export function resourceAttributes(report: Report, row: StrategyReport, service: string): Span['attributes'] {
  return {
    'service.name': service,
    'service.namespace': report.scenario.name,
    'placement_lab.world': report.world,
    'placement_lab.strategy': row.name,
    'placement_lab.controller': row.controller,
    'placement_lab.rate': row.rate,
  };
}

/** A span's own attributes; the root says what the whole trace is. */
export function spanAttributes(span: Span, trace: Trace): Span['attributes'] {
  const about = {
    'placement_lab.picks': trace.picks.join(' '),
    'placement_lab.outcome': trace.outcome,
    'placement_lab.seed': trace.seed,
    'placement_lab.action': trace.action,
    'placement_lab.dropped_spans': trace.dropped,
  };
  return { 'placement_lab.part': span.part, ...span.attributes, ...(span.parent === null ? about : {}) };
}

/** Start and end in ns since 1970. */
export function timesOf(span: Span, { began_ms }: Trace): { start: bigint; end: bigint } {
  const began = began_ms === undefined ? RUN_BEGAN_NS : BigInt(began_ms) * 1_000_000n;
  const start = began + BigInt(span.start_us) * 1000n;
  return { start, end: start + BigInt(span.duration_us) * 1000n };
}

function request(report: Report, row: StrategyReport, trace: Trace): object {
  const services = new Map<string, Span[]>();
  for (const span of trace.spans) services.set(span.component, [...(services.get(span.component) ?? []), span]);
  return {
    resourceSpans: [...services].map(([service, spans]) => ({
      resource: {
        attributes: listed(resourceAttributes(report, row, service)),
      },
      scopeSpans: [
        { scope: { name: 'placement-lab', version: report.version }, spans: spans.map((span) => written(span, trace)) },
      ],
    })),
  };
}

function written(span: Span, trace: Trace): object {
  const { start, end } = timesOf(span, trace);
  return {
    traceId: span.trace,
    spanId: span.span,
    ...(span.parent === null ? {} : { parentSpanId: span.parent }),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    attributes: listed(spanAttributes(span, trace)),
    ...(span.is_linked && span.parent !== null ? { links: [{ traceId: span.trace, spanId: span.parent }] } : {}),
    status: span.has_failed ? { code: ERROR } : {},
  };
}

function listed(attributes: Span['attributes']): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: Span['attributes'][string]): object {
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'string') return { stringValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
