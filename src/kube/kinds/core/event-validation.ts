import { validation } from '../../api/field-error.js';
import type { Faults } from '../../api/field-error.js';
import { qualifiedNameFaults } from '../../api/names.js';
import type { KubeObject } from '../../object.js';

interface Event extends KubeObject {
  readonly involvedObject?: { readonly namespace?: string };
  readonly eventTime?: string;
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly reason?: string;
  readonly message?: string;
}

const limits = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/** Everything wrong with an event (core validation: legacyValidateEvent). Those that have a time of their own are stricter. */
export const eventErrors = validation<Event>((faults, event) => {
  const { namespace } = event.metadata;
  const involved = event.involvedObject?.namespace ?? '';
  const mismatch = (): void =>
    faults.invalid('involvedObject.namespace', involved, 'does not match event.namespace');
  if (!event.eventTime) {
    // What has no namespace has its events in `default`.
    if (involved === '' ? namespace !== 'default' : namespace !== involved) mismatch();
    return;
  }
  if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') mismatch();
  checkReport(faults, event);
});

function checkReport(faults: Faults, event: Event): void {
  const { reportingComponent: controller = '' } = event;
  if (controller === '') faults.required('reportingController');
  faults.invalid('reportingController', controller, qualifiedNameFaults(controller));
  for (const member of ['reportingInstance', 'action', 'reason'] as const) {
    if (!event[member]) faults.required(member);
  }
  for (const member of ['reportingInstance', 'action', 'reason', 'message'] as const) {
    if ((event[member] ?? '').length > limits[member])
      faults.invalid(member, '', `can have at most ${String(limits[member])} characters`);
  }
}
