import type { Identity, Settings } from './settings.ts';

interface Place {
  /** Of the environment. */
  id: string;
  folder: string;
  /** By which a component stretches its burn: 1 where the kernel holds it back. */
  share: number;
  isProvisioned: boolean;
  credentials: { region: string; accessKeyId: string; secretAccessKey: string };
}

/** What a process finds in its environment: the service's names, the function's own, and two that this project adds. Nothing of the host's. */
export function variablesOf(
  of: { identity: Identity; settings: Settings },
  { id, folder, share, isProvisioned, credentials }: Place,
) {
  const { region, accessKeyId, secretAccessKey } = credentials;
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...of.settings.Environment.Variables,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: of.identity.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(of.settings.MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_EXECUTION_ENV: `AWS_Lambda_${of.settings.Runtime}`,
    AWS_LAMBDA_INITIALIZATION_TYPE: isProvisioned ? 'provisioned-concurrency' : 'on-demand',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: of.settings.Handler,
    PLACEMENT_ENVIRONMENT: id,
    PLACEMENT_CPU_SHARE: String(share),
  };
}
