import type { AdmissionRequest, WriteContext } from '../api/context.js';
import { StatusError } from '../api/status-error.js';
import type { Authorizer } from '../authorization/index.js';
import { clientSigner, readRequest, requestPem } from '../certificates/index.js';
import type { SigningCondition, SigningRequest } from '../certificates/index.js';
import { toKubeTime } from '../kube-time.js';
import { certificateSigningRequests } from '../kinds/index.js';
import { canonicalJson } from '../object.js';
import type { AdmissionPlugin } from './plugin.js';

type Write = Exclude<AdmissionRequest, { operation: 'DELETE' }>;

/**
 * Notes who asks for a certificate, keeps clients from becoming superusers by one, and lets those decide and sign who may
 * for the request's signer (Kubernetes: CertificateApproval, CertificateSigning, CertificateSubjectRestriction).
 */
export const certificates = (authorizer: Authorizer): AdmissionPlugin => ({
  name: 'CertificateApproval',
  kinds: [certificateSigningRequests],
  operations: ['CREATE', 'UPDATE'],
  mutate: (request, context) => {
    if (request.operation === 'CREATE') noteRequestor(request, context);
    if (request.operation === 'UPDATE') keepRequest(request, context);
  },
  validate: (request, context) => {
    if (request.operation === 'CREATE') restrictSubject(request);
    if (request.operation === 'UPDATE') checkSigner(authorizer, request, context);
  },
});

const requestOf = ({ draft }: Write): SigningRequest => draft as unknown as SigningRequest;

function noteRequestor({ draft }: Write, { requester: { user } }: WriteContext): void {
  const { name, uid, groups, extra } = user;
  const {
    username: _username,
    uid: _uid,
    groups: _groups,
    extra: _extra,
    ...spec
  } = (draft['spec'] ?? {}) as Record<string, unknown>;
  const whose = { username: name, ...(uid !== undefined && { uid }), groups, ...(extra && { extra }) };
  draft['spec'] = { ...spec, ...whose };
}

/** What is asked for stays as it was asked; decisions get their times. */
function keepRequest(request: Write, { clock }: WriteContext): void {
  const { draft, before, subresource } = request;
  draft['spec'] = (before as SigningRequest | undefined)?.spec;
  if (subresource !== 'approval') return;
  const { status } = requestOf(request);
  const now = toKubeTime(clock.now());
  const conditions = (status?.conditions ?? []).map((condition): SigningCondition => ({
    ...condition,
    lastUpdateTime: condition.lastUpdateTime ?? now,
    lastTransitionTime: condition.lastTransitionTime ?? now,
  }));
  draft['status'] = { ...status, conditions };
}

function restrictSubject(request: Write): void {
  const asked = requestOf(request);
  if (asked.spec.signerName !== clientSigner) return;
  const { organizations = [] } = readRequest(requestPem(asked)) ?? {};
  if (!organizations.includes('system:masters')) return;
  throw StatusError.forbidden(
    request.type,
    request.name,
    `use of ${clientSigner} signer with system:masters group is not allowed`,
  );
}

function checkSigner(authorizer: Authorizer, request: Write, context: WriteContext): void {
  const { type, name, scope, subresource, before } = request;
  const { signerName } = requestOf(request).spec;
  const certificate = requestOf(request).status?.certificate;
  const signs =
    subresource === 'status' &&
    canonicalJson(certificate ?? '') !== canonicalJson((before as SigningRequest).status?.certificate ?? '');
  const verb = subresource === 'approval' ? 'approve' : signs ? 'sign' : undefined;
  if (verb === undefined) return;
  const [domain = ''] = signerName.split('/');
  const may = [signerName, `${domain}/*`].some((signer) => {
    const attributes = {
      kind: 'resource',
      verb,
      group: type.group,
      resource: 'signers',
      name: signer,
    } as const;
    return authorizer.decide(scope.cluster, context.requester.user, attributes).allowed;
  });
  if (may) return;
  const what = verb === 'approve' ? 'approve' : 'sign';
  throw StatusError.forbidden(
    type,
    name,
    `user not permitted to ${what} requests with signerName "${signerName}"`,
  );
}
