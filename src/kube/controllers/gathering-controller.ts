import type { Instant } from '../../units/index.js';
import { instant } from '../../units/index.js';
import type { ResourceType } from '../resource-type.js';
import { Controller } from './controller.js';
import type { ControllerParts, Trigger } from './controller.js';

/** An object with more parts than this gathers the changes of half a second (inferred: changes come in crowds there). */
const large = { parts: 100, gather: 500 };

/** A control loop whose turn looks at all parts of an object, such as the pods behind a service. */
export abstract class GatheringController extends Controller {
  readonly #sizes = new Map<string, number>();
  /** Forgets the sizes of objects that are gone. */
  protected readonly forgets: Trigger;

  protected constructor(parts: ControllerParts, type: ResourceType) {
    super(parts, type);
    this.forgets = {
      type,
      keys: ({ key, after }) => {
        if (!after) this.#sizes.delete(key);
        return [];
      },
    };
  }

  protected noteSize(key: string, parts: number): void {
    this.#sizes.set(key, parts);
  }

  protected override readonly dueAt = (key: string): Instant => {
    const isLarge = (this.#sizes.get(key) ?? 0) > large.parts;
    return instant(this.parts.clock.now() + (isLarge ? large.gather : 0));
  };
}
