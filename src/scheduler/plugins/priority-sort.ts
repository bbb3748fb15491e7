/** A pod's place in a queue. */
export interface QueuePlace {
  readonly priority: number;
  /** When it came, or was last refused, as a count. */
  readonly sequence: number;
}

/** PrioritySort: higher priority goes first, then who came first or was refused longest ago. */
export const comesBefore = (a: QueuePlace, b: QueuePlace): boolean =>
  a.priority !== b.priority ? a.priority > b.priority : a.sequence < b.sequence;
