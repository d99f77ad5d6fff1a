// A worker thread does not inherit tsx on Node 20: it is registered here before the worker's own source is loaded.
import { register } from 'tsx/esm/api';

register();
await import('./trace-worker.ts');
