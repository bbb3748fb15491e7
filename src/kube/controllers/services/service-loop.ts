import type { Instant } from '../../../units/index.js';
import { instant } from '../../../units/index.js';
import { services } from '../../kinds/index.js';
import { Controller } from '../controller.js';
import type { ControllerParts, Trigger } from '../controller.js';

/** Services of more endpoints than this gather the changes of half a second (inferred: changes come in crowds there). */
const large = { endpoints: 100, gather: 500 };

/** A control loop over services that looks at all endpoints of one at a time. */
export abstract class ServiceLoop extends Controller {
  readonly #sizes = new Map<string, number>();

  constructor(parts: ControllerParts) {
    super(parts, services);
  }

  /** Forgets the sizes of services that are gone. */
  protected readonly forgets: Trigger = {
    type: services,
    keys: ({ key, after }) => {
      if (!after) this.#sizes.delete(key);
      return [];
    },
  };

  protected noteSize(key: string, endpoints: number): void {
    this.#sizes.set(key, endpoints);
  }

  protected override readonly dueAt = (key: string): Instant => {
    const isLarge = (this.#sizes.get(key) ?? 0) > large.endpoints;
    return instant(this.parts.clock.now() + (isLarge ? large.gather : 0));
  };
}
