import { StatusError } from '../api/index.js';

/**
 * Makes `count` things in batches of 1, 2, 4 and so on: a round in which one fails is the last (Kubernetes: slow start).
 *
 * @returns the first refusal, if there was one.
 * @throws whatever `make` throws that is no refusal.
 */
export function slowStart(count: number, make: (index: number) => void): StatusError | undefined {
  let refusal: StatusError | undefined;
  let index = 0;
  for (let batch = 1; index < count && !refusal; batch *= 2) {
    for (const end = Math.min(count, index + batch); index < end; index += 1) {
      try {
        make(index);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        refusal ??= error;
      }
    }
  }
  return refusal;
}
