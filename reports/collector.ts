import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { Report, StrategyReport } from '../simulator/domain/report.ts';
import type { Span, Trace } from '../simulator/domain/trace.ts';
import { resourceAttributes, spanAttributes, timesOf } from './otlp.ts';

type Sent = Parameters<OTLPTraceExporter['export']>[0][number];

/** Spans in one request, as OpenTelemetry's batch processor has them by default. */
const BATCH = 512;

const KINDS: Readonly<Record<Span['kind'], SpanKind>> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/**
 * Sends the traces of a report to the collector that OpenTelemetry's own environment variables name (`OTEL_EXPORTER_OTLP_ENDPOINT`, `_HEADERS`,
 * `_TIMEOUT`, ...), over OTLP/HTTP; returns how many spans it took.
 *
 * Throws: Error with the exporter's reason when a request did not get through; what was to follow it is not sent.
 */
export async function sendTraces(report: Report): Promise<number> {
  const spans = report.strategies.flatMap((row) => (row.traces ?? []).flatMap((trace) => sentSpans(report, row, trace)));
  const exporter = new OTLPTraceExporter();
  try {
    for (let i = 0; i < spans.length; i += BATCH) await exported(exporter, spans.slice(i, i + BATCH));
  } finally {
    await exporter.shutdown();
  }
  return spans.length;
}

function exported(exporter: OTLPTraceExporter, spans: Sent[]): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(spans, ({ code, error }) => {
      if (code === 0) resolve();
      else reject(error ?? new Error('the exporter gives no reason'));
    });
  });
}

function sentSpans(report: Report, row: StrategyReport, trace: Trace): Sent[] {
  const resources = new Map<string, Resource>();
  const resourceOf = (service: string) => {
    const known = resources.get(service) ?? resourceFromAttributes(resourceAttributes(report, row, service));
    resources.set(service, known);
    return known;
  };
  return trace.spans.map((span) => {
    const { start, end } = timesOf(span, trace);
    const above = span.parent === null ? undefined : contextOf(span.trace, span.parent);
    return {
      name: span.name,
      kind: KINDS[span.kind],
      spanContext: () => contextOf(span.trace, span.span),
      ...(above ? { parentSpanContext: above } : {}),
      startTime: hrTime(start),
      endTime: hrTime(end),
      duration: hrTime(end - start),
      status: { code: span.has_failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
      attributes: spanAttributes(span, trace),
      links: span.is_linked && above ? [{ context: above }] : [],
      events: [],
      ended: true,
      resource: resourceOf(span.component),
      instrumentationScope: { name: 'placement-lab', version: report.version },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  });
}

function contextOf(traceId: string, spanId: string): SpanContext {
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
}

function hrTime(ns: bigint): HrTime {
  return [Number(ns / 1_000_000_000n), Number(ns % 1_000_000_000n)];
}
