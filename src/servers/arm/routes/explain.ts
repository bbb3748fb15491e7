import type { FastifyInstance } from 'fastify';
import { AzureError } from '../../../azure/index.js';
import { isObject } from '../../../kube/index.js';
import type { JsonObject } from '../../../kube/index.js';
import { managedClusters } from '../../../nodepools/index.js';
import { explainPod, explainScaling } from '../../../toolkit/index.js';
import type { ExplainRequest } from '../../../toolkit/index.js';
import { seconds } from '../../../units/index.js';
import { RequestReplies, settled } from '../../kubernetes/index.js';
import type { ArmParts } from '../access.js';

/** Decisions that are told of unless another number is asked for. */
const toldDecisions = 10;

/**
 * Poolkeeper's own: why a pod is where it is, or nowhere. The body names the cluster (`resourceGroup`, `cluster`; left out where
 * there is one alone) and the pod (`pod`, `namespace`), or holds a `manifest` that is not created yet.
 */
export function registerExplain(app: FastifyInstance, { world }: ArmParts): void {
  app.post('/poolkeeper/explain', ({ body }) => {
    const asked = isObject(body) ? body : {};
    const text = (name: string) => textOf(asked, name);
    const namespace = text('namespace');
    const place = {
      ...clusterOf(text('resourceGroup'), text('cluster')),
      ...(namespace !== undefined && { namespace }),
    };
    const pod = text('pod');
    const { manifest } = asked;
    if ((pod === undefined) === (manifest === undefined)) throw invalid('Give a pod or a manifest.');
    const webhooks = new RequestReplies();
    const request: ExplainRequest = pod === undefined ? { ...place, manifest, webhooks } : { ...place, pod };
    return settled(() => explainPod(world, request));
  });

  // What an autoscaler decided of late, of one pool (`pool`) or all, `limit` decisions of the last `sinceSeconds`.
  app.post('/poolkeeper/explain/scaling', ({ body }) => {
    const asked = isObject(body) ? body : {};
    const pool = textOf(asked, 'pool');
    const within = countOf(asked, 'sinceSeconds');
    return explainScaling(world, {
      ...clusterOf(textOf(asked, 'resourceGroup'), textOf(asked, 'cluster')),
      limit: countOf(asked, 'limit') ?? toldDecisions,
      ...(pool !== undefined && { pool }),
      ...(within !== undefined && { within: seconds(within) }),
    });
  });

  function clusterOf(
    resourceGroup: string | undefined,
    cluster: string | undefined,
  ): { readonly resourceGroup: string; readonly cluster: string } {
    if (resourceGroup !== undefined && cluster !== undefined) return { resourceGroup, cluster };
    const clusters = world.store.list(managedClusters);
    const all = clusters.filter(
      (one) =>
        (cluster ?? one.name) === one.name && (resourceGroup ?? one.resourceGroup) === one.resourceGroup,
    );
    const [only] = all;
    if (only && all.length === 1) return { resourceGroup: only.resourceGroup, cluster: only.name };
    const names = clusters.map((one) => `${one.resourceGroup}/${one.name}`);
    throw invalid(
      names.length === 0
        ? 'There is no cluster.'
        : `Say which cluster is meant (resource group and name). There are: ${names.join(', ')}.`,
    );
  }
}

function textOf(asked: JsonObject, name: string): string | undefined {
  const value = asked[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${name} must be a text.`);
}

function countOf(asked: JsonObject, name: string): number | undefined {
  const value = asked[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw invalid(`${name} must be a whole number above 0.`);
}

const invalid = (message: string): AzureError =>
  new AzureError({ status: 400, code: 'InvalidRequest', message, envelope: 'arm' });
