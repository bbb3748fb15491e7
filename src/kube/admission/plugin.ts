import type { AdmissionOperation, AdmissionRequest, WriteContext } from '../api/context.js';
import type { ResourceType } from '../resource-type.js';

type Step = (request: AdmissionRequest, context: WriteContext) => void;

/** A rule that writes pass on their way into the store (Kubernetes: admission plugins). */
export interface AdmissionPlugin {
  /** The name that the API server's documentation has for it. */
  readonly name: string;
  /** The kinds it looks at; all, if absent. */
  readonly kinds?: readonly ResourceType[];
  readonly operations: readonly AdmissionOperation[];
  /** Completes the draft in place, or refuses it. @throws StatusError */
  readonly mutate?: Step;
  /**
   * Changes the draft in place by what others decide.
   *
   * @returns true when it did: then what comes before completes what was added (Kubernetes: reinvocation).
   * @throws StatusError
   */
  readonly amend?: (request: AdmissionRequest, context: WriteContext) => boolean;
  /** True where `amend` has nothing to do, so that nobody has to look for changes. */
  readonly isIdle?: (request: AdmissionRequest) => boolean;
  /** Refuses what is complete. @throws StatusError */
  readonly validate?: Step;
}

/** Narrows a plugin to the creation of objects, which is what most look at. */
export type CreateRequest = Extract<AdmissionRequest, { operation: 'CREATE' }>;

/** A plugin that looks at objects as they are created, and at nothing else. */
export const onCreate = (
  name: string,
  kinds: readonly ResourceType[] | undefined,
  steps: {
    readonly mutate?: (request: CreateRequest, context: WriteContext) => void;
    readonly validate?: (request: CreateRequest, context: WriteContext) => void;
  },
): AdmissionPlugin => {
  const step =
    (inner: (request: CreateRequest, context: WriteContext) => void): Step =>
    (request, context) => {
      if (request.operation === 'CREATE') inner(request, context);
    };
  return {
    name,
    ...(kinds && { kinds }),
    operations: ['CREATE'],
    ...(steps.mutate && { mutate: step(steps.mutate) }),
    ...(steps.validate && { validate: step(steps.validate) }),
  };
};
