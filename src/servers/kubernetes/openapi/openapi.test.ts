import { describe, expect, test } from 'vitest';
import { ClusterKinds } from '../../../kube/index.js';
import type { JsonObject } from '../../../kube/index.js';
import { groupVersionsOfApi } from '../discovery.js';
import { definitionName } from './definition-names.js';
import { openApiV2, openApiV3, openApiV3Index } from './index.js';

const api = { kinds: new ClusterKinds([]), external: [] };
/** Every reference in a document. */
function refsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : refsIn(member),
  );
}
const schemasOf = (document: JsonObject | undefined): JsonObject =>
  ((document?.['components'] as JsonObject | undefined)?.['schemas'] ?? {}) as JsonObject;

describe('definitions', () => {
  test.each([
    ['V1Deployment', 'io.k8s.api.apps.v1.Deployment'],
    ['V1PodSpec', 'io.k8s.api.core.v1.PodSpec'],
    ['V1ObjectMeta', 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'],
    ['V1LabelSelector', 'io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector'],
    ['V2MetricSpec', 'io.k8s.api.autoscaling.v2.MetricSpec'],
    ['V1HorizontalPodAutoscaler', 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler'],
    ['V1Scale', 'io.k8s.api.autoscaling.v1.Scale'],
    ['CoreV1Event', 'io.k8s.api.core.v1.Event'],
    ['EventsV1Event', 'io.k8s.api.events.v1.Event'],
    ['V1RoleRef', 'io.k8s.api.rbac.v1.RoleRef'],
    ['V1IngressSpec', 'io.k8s.api.networking.v1.IngressSpec'],
    ['V1Eviction', 'io.k8s.api.policy.v1.Eviction'],
    ['V1JSONSchemaProps', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'],
    ['V1APIService', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService'],
  ])('%s is called %s', (type, name) => expect(definitionName(type)).toBe(name));

  test('have names of their own', () => {
    const { definitions } = openApiV2(api) as { definitions: JsonObject };
    const kinds = Object.values(definitions).flatMap((definition) => {
      const { 'x-kubernetes-group-version-kind': gvks } = definition as {
        'x-kubernetes-group-version-kind'?: readonly object[];
      };
      return gvks?.length === 1 ? [JSON.stringify(gvks[0])] : [];
    });
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});

describe('documents', () => {
  test('refer to nothing that they do not have', () => {
    const v2 = openApiV2(api);
    const names = new Set(Object.keys(v2['definitions'] as object));
    expect(refsIn(v2).filter((ref) => !names.has(ref.replace('#/definitions/', '')))).toEqual([]);
    for (const groupVersion of groupVersionsOfApi(api)) {
      const v3 = openApiV3(api, groupVersion);
      const known = new Set(Object.keys(schemasOf(v3)));
      expect(refsIn(v3).filter((ref) => !known.has(ref.replace('#/components/schemas/', '')))).toEqual([]);
    }
  });

  test('are indexed by a hash that stays as long as they do', () => {
    const again = { kinds: new ClusterKinds([]), external: [] };
    expect(openApiV3Index(again)).toEqual(openApiV3Index(api));
    const paths = Object.keys(openApiV3Index(api)['paths'] as object);
    expect(paths).toContain('apis/metrics.k8s.io/v1beta1');
    expect(paths).toContain('apis/autoscaling/v1');
    expect(paths[0]).toBe('api/v1');
  });

  test('tell the verbs of kinds and of their subresources', () => {
    const { paths } = openApiV3(api, 'apps/v1') as { paths: Record<string, JsonObject> };
    const deployments = '/apis/apps/v1/namespaces/{namespace}/deployments';
    expect(Object.keys(paths[deployments] ?? {}).sort()).toEqual(['delete', 'get', 'parameters', 'post']);
    expect(paths[`${deployments}/{name}/scale`]?.['patch']).toMatchObject({
      'x-kubernetes-group-version-kind': { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    });
    expect(paths[`${deployments}/{name}/status`]).toBeDefined();
    expect(paths['/apis/apps/v1/deployments']).toBeDefined();
  });
});
