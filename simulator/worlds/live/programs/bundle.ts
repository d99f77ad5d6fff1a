import { bundlePrograms } from '../stacks/bundle.ts';

/** Makes the programs of the containers' image: bundles, into the folder that is named. */
await bundlePrograms(process.argv[2] as string);
