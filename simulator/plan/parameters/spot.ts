import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite } from './cite.ts';

const EC2_GUIDE = cite('docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html', '2026-11');

/** Share of instances that was interrupted in a month, in percent, as the Spot Instance Advisor gives it: in steps, the last of them open. */
const STEPS = { few: [0, 5], some: [5, 10], more: [10, 15], many: [15, 20], most: [20, 50] } as const;

/** Source: Spot Instance Advisor feed, us-east-1, Linux (github alexei-led/spotinfo spot-advisor-data.json), 2025-06-28. */
const STEP_OF: Readonly<Record<string, keyof typeof STEPS>> = {
  'c7g.medium': 'few',
  'c7g.large': 'few',
  'c7g.xlarge': 'few',
  'c7g.2xlarge': 'few',
  'c7g.4xlarge': 'few',
  'm7g.medium': 'some',
  'm7g.large': 'more',
  'm7g.xlarge': 'some',
  'm7g.2xlarge': 'some',
  'm7g.4xlarge': 'some',
  'm7i.large': 'many',
  'm7i.xlarge': 'many',
  'm7i.2xlarge': 'most',
  'm7i.4xlarge': 'some',
  'c7i.large': 'most',
  'c7i.xlarge': 'most',
  'c7i.2xlarge': 'most',
  'c7i.4xlarge': 'many',
  'g4dn.xlarge': 'many',
  'g4dn.2xlarge': 'most',
  'g5.xlarge': 'most',
  'g5.2xlarge': 'many',
  'g6.xlarge': 'most',
  'g6.2xlarge': 'most',
  'g6e.xlarge': 'some',
  'g6e.2xlarge': 'more',
};

/** Interruptions a month of one machine: the rate at which the middle of its step would be gone within a month. */
function rateOf(type: string, step: keyof typeof STEPS): Parameter {
  const [low, high] = STEPS[step];
  const rate = (percent: number) => Number(-Math.log(1 - percent / 100).toPrecision(3));
  const share = step === 'most' ? `more than ${low} %` : `${low} to ${high} %`;
  return assumed(rate((low + high) / 2), '1/month', {
    range: [rate(low), rate(high)],
    because: `${share} of ${type} were interrupted in a month (Spot Instance Advisor, us-east-1, 2025-06-28); the middle stands for it`,
  });
}

const RATES = Object.fromEntries(Object.entries(STEP_OF).map(([type, step]) => [type, rateOf(type, step)]));

/** What EC2 does to machines that are bought on spot: the same for servers and GPU workers. */
export const SPOT = {
  spot_interruptions_per_month: RATES['m7g.large'] as Parameter,
  spot_notice_s: EC2_GUIDE.documented(120, 's'),
} satisfies Record<string, Parameter>;

/** How often EC2 takes a spot machine of a type back. */
export function interruptionsOf(type: string): Parameter {
  return RATES[type] ?? SPOT.spot_interruptions_per_month;
}
