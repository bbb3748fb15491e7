import type { Faults } from '../../api/field-error.js';
import { validation } from '../../api/field-error.js';
import { hasCondition, readRequest, requestPem } from '../../certificates/signing-request.js';
import type { SigningRequest } from '../../certificates/signing-request.js';
import { fieldAt, valueAt } from '../../object.js';
import type { KubeObject } from '../../object.js';
import { defineKind } from '../../resource-type.js';
import type { PartRule } from '../../resource-type.js';
import { ageColumn, column, humanDuration, nameColumn, textAt } from '../../table/index.js';

const decisions = ['Approved', 'Denied'];
const leastSeconds = 600;
const signerPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+\/[^/]/;

/** Everything wrong with a signing request (certificates validation). */
const requestErrors = validation<SigningRequest>((faults, request, before) => {
  if (before) return;
  const { spec } = request;
  if (spec.request === undefined || readRequest(requestPem(request)) === undefined) {
    faults.invalid('spec.request', spec.request ?? '', 'PEM block type must be CERTIFICATE REQUEST');
  }
  if ((spec.usages ?? []).length === 0) faults.required('spec.usages', 'usages are required');
  if (!spec.signerName) faults.required('spec.signerName');
  else if (!signerPattern.test(spec.signerName)) {
    faults.invalid(
      'spec.signerName',
      spec.signerName,
      'must be a fully qualified domain and path of the form "example.com/signer-name"',
    );
  }
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < leastSeconds) {
    faults.invalid(
      'spec.expirationSeconds',
      spec.expirationSeconds,
      'may not specify a duration less than 600 seconds (10 minutes)',
    );
  }
});

/** Everything wrong with the conditions of a request: a decision is for good. */
const decisionErrors = validation<SigningRequest>((faults, request, before) => {
  const conditions = request.status?.conditions ?? [];
  for (const [index, { type, status }] of conditions.entries()) checkCondition(faults, index, type, status);
  if (hasCondition(request, 'Approved') && hasCondition(request, 'Denied')) {
    faults.invalid('status.conditions', 'Denied', 'Approved and Denied conditions are mutually exclusive');
  }
  for (const type of [...decisions, 'Failed']) {
    if (before && hasCondition(before, type) && !hasCondition(request, type)) {
      faults.forbidden('status.conditions', `updates may not remove a condition of type "${type}"`);
    }
  }
});

function checkCondition(faults: Faults, index: number, type: string, status: string): void {
  const at = `status.conditions[${String(index)}]`;
  if (type === '') faults.required(`${at}.type`);
  if ([...decisions, 'Failed'].includes(type)) faults.requiredOneOf(`${at}.status`, status, ['True']);
}

/** What `kubectl certificate approve` and `deny` write: the decision, and nothing else. */
const approval: PartRule = {
  name: 'approval',
  verbs: ['get', 'patch', 'update'],
  merge: (before, draft) => {
    const conditions = (valueAt(draft, ['status', 'conditions']) ?? []) as readonly { type?: string }[];
    const own = fieldAt(before, 'status.conditions') as readonly { type?: string }[] | undefined;
    const others = (own ?? []).filter(({ type }) => !decisions.includes(type ?? ''));
    const decided = conditions.filter(({ type }) => decisions.includes(type ?? ''));
    const status = { ...(fieldAt(before, 'status') as object), conditions: [...others, ...decided] };
    return { ...before, status } as KubeObject;
  },
  validate: decisionErrors,
};

/** How far a request is (kubectl get csr: CONDITION). */
function conditionText(request: SigningRequest): string {
  const decision = ['Denied', 'Approved'].find((type) => hasCondition(request, type)) ?? 'Pending';
  const failed = hasCondition(request, 'Failed') ? ['Failed'] : [];
  const issued = fieldAt(request, 'status.certificate') ? ['Issued'] : [];
  return [decision, ...failed, ...issued].join(',');
}

export const certificateSigningRequests = defineKind({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  shortNames: ['csr'],
  namespaced: false,
  hasStatus: true,
  schema: 'V1CertificateSigningRequest',
  selectable: ['spec.signerName'],
  parts: [approval],
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', textAt('spec.signerName')),
    column('Requestor', textAt('spec.username')),
    column('RequestedDuration', (object) => {
      const seconds = fieldAt(object, 'spec.expirationSeconds');
      return typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>';
    }),
    column('Condition', (object) => conditionText(object as SigningRequest)),
  ],
  prepareCreate: (draft) => {
    draft['status'] = {};
  },
  validate: requestErrors,
  validateStatus: (object, before) => decisionErrors(object, before),
});
