/** What an EC2 instance type has; `gpu` names the card, how many there are, and the memory of one. */
export interface InstanceType {
  readonly vcpus: number;
  readonly memory_gb: number;
  readonly gpu?: { readonly model: 'T4' | 'A10G' | 'L4' | 'L40S'; readonly count: number; readonly memory_gb: number };
}

/** Sizes of one family: each doubles the one before. */
function family(name: string, o: { gb_per_vcpu: number; sizes: Record<string, number> }): Record<string, InstanceType> {
  return Object.fromEntries(
    Object.entries(o.sizes).map(([size, vcpus]) => [`${name}.${size}`, { vcpus, memory_gb: vcpus * o.gb_per_vcpu }]),
  );
}

const SIZES = { medium: 1, large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };
const INTEL_SIZES = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };

/**
 * Instance types that the price book knows, by name.
 *
 * Source: AWS EC2 instance types (documented), 2026-07; the set is what the price book has a price for.
 */
export const INSTANCES: Readonly<Record<string, InstanceType>> = {
  ...family('m7g', { gb_per_vcpu: 4, sizes: SIZES }),
  ...family('c7g', { gb_per_vcpu: 2, sizes: SIZES }),
  ...family('m7i', { gb_per_vcpu: 4, sizes: INTEL_SIZES }),
  ...family('c7i', { gb_per_vcpu: 2, sizes: INTEL_SIZES }),
  'g4dn.xlarge': { vcpus: 4, memory_gb: 16, gpu: { model: 'T4', count: 1, memory_gb: 16 } },
  'g4dn.2xlarge': { vcpus: 8, memory_gb: 32, gpu: { model: 'T4', count: 1, memory_gb: 16 } },
  'g5.xlarge': { vcpus: 4, memory_gb: 16, gpu: { model: 'A10G', count: 1, memory_gb: 24 } },
  'g5.2xlarge': { vcpus: 8, memory_gb: 32, gpu: { model: 'A10G', count: 1, memory_gb: 24 } },
  'g6.xlarge': { vcpus: 4, memory_gb: 16, gpu: { model: 'L4', count: 1, memory_gb: 24 } },
  'g6.2xlarge': { vcpus: 8, memory_gb: 32, gpu: { model: 'L4', count: 1, memory_gb: 24 } },
  'g6e.xlarge': { vcpus: 4, memory_gb: 32, gpu: { model: 'L40S', count: 1, memory_gb: 48 } },
  'g6e.2xlarge': { vcpus: 8, memory_gb: 64, gpu: { model: 'L40S', count: 1, memory_gb: 48 } },
};
