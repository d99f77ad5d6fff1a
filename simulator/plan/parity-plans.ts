import type { Distribution } from '../domain/distribution.ts';
import type { Part, Plan } from '../domain/plan.ts';

/** How a plan differs from the one that was calibrated. */
export interface Unseen {
  /** Instances more in every pool. */
  workers: number;
  /** Of every function; other than its own unless said. */
  memory_mb?: number;
}

/**
 * Memory sizes that stand in for a function's own, so that its share of a core is another; both are below a whole vCPU, which is what calibrations
 * give. Source: AWS Lambda, memory from 128 MB on, a whole vCPU at 1,769 MB.
 */
const OTHER_MEMORY = { usual: 1_024, second: 1_400 } as const;

/** A plan at settings that nobody has measured: more instances, which nobody resizes, and functions of another size. */
export function unseen(plan: Plan, o: Unseen): Plan {
  return { ...plan, parts: plan.parts.map((part) => otherPart(part, o)) };
}

function otherPart(part: Part, o: Unseen): Part {
  const values = part.kind === 'function' ? { ...part.values, memory_mb: o.memory_mb ?? otherMemory(part) } : part.values;
  const { sizing } = part;
  if (sizing === undefined) return { ...part, values };
  const initial = Math.max(1, sizing.initial + o.workers);
  return { ...part, values, sizing: { ...sizing, initial, minimum: initial, maximum: initial } };
}

function otherMemory({ values: { memory_mb } }: Part): number {
  return memory_mb === OTHER_MEMORY.usual ? OTHER_MEMORY.second : OTHER_MEMORY.usual;
}

/** Values that say how many or how large, not how fast: those of the live plan hold in both worlds. */
const SIZES = ['memory_mb', 'slots', 'cores', 'memory_gb', 'provisioned', 'reserved', 'connections', 'vcpus'];

/**
 * The plan that the live world plays, with the times and demands of the same plan as the calibration has it: both worlds then have the same
 * parts of the same sizes, whatever sizing would have made of the measured numbers. The calibrated one's host comes along: the live plan has the
 * real one.
 *
 * Throws: RangeError when they are not the same plan.
 */
export function timedAs(plan: Plan, calibrated: Plan): Plan {
  const known = new Map(calibrated.parts.map((part) => [part.path, part]));
  const host = calibrated.parts.filter(({ kind }) => kind === 'host');
  const parts = plan.parts.map((part): Part => {
    const other = known.get(part.path);
    if (other === undefined) throw new RangeError(`the calibrated plan has no ${part.path}`);
    const own: Record<string, Distribution> = {};
    for (const name of SIZES) if (part.values[name] !== undefined) own[name] = part.values[name];
    return { ...part, values: { ...other.values, ...own } };
  });
  const components = plan.components.map((component, i) => {
    const { cpu_ms = component.cpu_ms, io_ms = component.io_ms } = calibrated.components[i] ?? {};
    return { ...component, cpu_ms, io_ms };
  });
  return { ...plan, parts: [...parts, ...host], components, parameters: calibrated.parameters };
}
