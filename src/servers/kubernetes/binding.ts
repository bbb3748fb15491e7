import type { FastifyReply } from 'fastify';
import { StatusError, isObject } from '../../kube/index.js';
import type { FieldError, JsonObject, Scope } from '../../kube/index.js';
import { sendAnswer } from './answers.js';
import type { KubernetesRequest } from './app.js';
import { readObject } from './bodies.js';
import { negotiate } from './negotiation.js';
import { writeOptions } from './query.js';
import { settled } from './webhook-client.js';

/**
 * Binds a pod to a node: the pod that the path names, or else the one that the Binding does (Kubernetes: pods/binding,
 * bindings). @throws StatusError 400, 404, 409, 422
 */
export async function answerBinding(
  { world, user, webhooks, query, http, reply }: KubernetesRequest,
  scope: Scope,
  pod?: string,
): Promise<FastifyReply> {
  const { value } = readObject(http, 'Binding');
  const { name, ...binding } = readBinding(isObject(value) ? value : {}, scope, pod);
  const { dryRun } = writeOptions('CreateOptions', query);
  await settled(() => world.kubernetes.bind(scope, name, binding, { dryRun, user, webhooks }));
  const done = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return sendAnswer(http, reply, 201, done, negotiate(http.headers.accept).format);
}

/** What a Binding asks for. @throws StatusError 400, 422 */
function readBinding(body: JsonObject, scope: Scope, pod: string | undefined) {
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const target = isObject(body['target']) ? body['target'] : {};
  const { name: node, kind = 'Node' } = target;
  const { name, namespace = scope.namespace, uid } = metadata;
  if (namespace !== scope.namespace && namespace !== '')
    throw StatusError.badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (pod !== undefined && name !== pod)
    throw StatusError.badRequest('name in URL does not match name in Binding object');
  if (typeof name !== 'string' || name === '') throw StatusError.badRequest('Name parameter required.');
  const refuse = (error: FieldError) => StatusError.invalid({ group: '', kind: 'Binding' }, name, [error]);
  if (kind !== 'Node' && kind !== '') {
    const detail = 'supported values: "Node", "<empty>"';
    throw refuse({ type: 'notSupported', field: 'target.kind', value: kind, detail });
  }
  if (typeof node !== 'string' || node === '') throw refuse({ type: 'required', field: 'target.name' });
  return { name, node, ...(typeof uid === 'string' && uid !== '' && { uid }) };
}
