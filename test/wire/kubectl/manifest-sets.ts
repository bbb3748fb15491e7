import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Manifests in the shape of something that people install, in the order in which they are applied. */
export interface ManifestSet {
  readonly name: string;
  readonly folder: string;
  /** Its files. Kinds are defined in one before they are used in the next. */
  readonly stages: readonly string[];
}

const root = fileURLToPath(new URL('../manifests/', import.meta.url));

/** Every folder beside the single manifests, by name. */
export const manifestSets: readonly ManifestSet[] = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const folder = `${root}${name}`;
    const files = readdirSync(folder).sort();
    return { name, folder, stages: files.map((file) => `${folder}/${file}`) };
  })
  .sort((a, b) => a.name.localeCompare(b.name));

/** A workload or a claim, as far as its readiness goes. */
export interface Workload {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly completions?: number;
    readonly suspend?: boolean;
    readonly maxUnavailable?: number;
  };
  readonly status: {
    readonly phase?: string;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The kinds that `unready` judges, as kubectl takes them. */
export const workloadKinds = 'deployments,statefulsets,daemonsets,jobs,persistentvolumeclaims';

/** What of these isn't as it should end: rolled out, complete or bound. */
export const unready = (workloads: readonly Workload[]): readonly string[] =>
  workloads
    .filter((workload) => !isReady(workload))
    .map(({ kind, metadata, status }) => {
      const { namespace = '', name } = metadata;
      return `${kind} ${namespace}/${name}: ${JSON.stringify(status)}`;
    });

function isReady({ kind, spec, status }: Workload): boolean {
  const { replicas = 1 } = spec;
  const holds = (type: string): boolean =>
    status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
  switch (kind) {
    case 'Deployment':
      return (
        holds('Available') && status.updatedReplicas === replicas && status.availableReplicas === replicas
      );
    case 'StatefulSet':
      return (status.readyReplicas ?? 0) === replicas && (status.updatedReplicas ?? 0) === replicas;
    case 'DaemonSet':
      return status.numberReady === status.desiredNumberScheduled;
    case 'Job':
      return holds('Complete') || spec.suspend === true;
    case 'PersistentVolumeClaim':
      return status.phase === 'Bound';
    default:
      throw new Error(`nothing is known of the readiness of ${kind}`);
  }
}
