import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds of the histograms, s: a few milliseconds to the door's patience. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What `GET /metrics` answers. */
export interface Exposition {
  type: string;
  text: string;
}

/**
 * What a process counts for Prometheus, beside what the report is made of: under the names that its users know, with those of the process
 * itself (`process_cpu_seconds_total`, `nodejs_eventloop_lag_p99_seconds`, ...).
 */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requests: Histogram<'method' | 'route' | 'status_code'>;
  private readonly requestsUnderWay: Gauge;
  private readonly messages: Histogram<'component'>;
  private readonly processed: Counter<'component' | 'outcome'>;
  private readonly messagesUnderWay: Gauge;

  /** `part`: whose process this is, as the plan calls it; a label of every sample. */
  constructor(part: string) {
    const registers = [this.registry];
    this.registry.setDefaultLabels({ part });
    collectDefaultMetrics({ register: this.registry });
    this.requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to its answer, s',
      labelNames: ['method', 'route', 'status_code'],
      buckets: BUCKETS,
      registers,
    });
    this.requestsUnderWay = new Gauge({ name: 'http_requests_in_flight', help: 'Requests not answered yet', registers });
    this.messages = new Histogram({
      name: 'message_processing_duration_seconds',
      help: 'Time that the work on a message took, s',
      labelNames: ['component'],
      buckets: BUCKETS,
      registers,
    });
    const processed = { name: 'messages_processed_total', help: 'Messages worked on, done or failed' };
    this.processed = new Counter({ ...processed, labelNames: ['component', 'outcome'], registers });
    this.messagesUnderWay = new Gauge({ name: 'messages_in_flight', help: 'Messages being worked on', registers });
  }

  /** A request of `route` has come; hears its status when it is answered. */
  request(route: string): (status: number) => void {
    const ended = this.requests.startTimer({ method: 'POST', route });
    this.requestsUnderWay.inc();
    return (status) => {
      this.requestsUnderWay.dec();
      ended({ status_code: String(status) });
    };
  }

  /** Work on a message for `component` begins; hears whether it was done. */
  message(component: string): (isDone: boolean) => void {
    const ended = this.messages.startTimer({ component });
    this.messagesUnderWay.inc();
    return (isDone) => {
      this.messagesUnderWay.dec();
      this.processed.inc({ component, outcome: isDone ? 'done' : 'failed' });
      ended();
    };
  }

  /** A number by `label` that is asked for at each scrape. */
  gauge(o: { name: string; help: string; label: string }, read: () => Iterable<readonly [string, number]>): void {
    new Gauge({
      name: o.name,
      help: o.help,
      labelNames: [o.label],
      registers: [this.registry],
      collect() {
        for (const [value, number] of read()) this.set({ [o.label]: value }, number);
      },
    });
  }

  async exposed(): Promise<Exposition> {
    return { type: this.registry.contentType, text: await this.registry.metrics() };
  }
}
