import type { ControllerParts } from '../controller.js';
import { ClaimMaker } from './claim-maker.js';
import { ClaimRelease } from './claim-release.js';

/** Starts what makes the claims of pods for devices, and what frees them when no pod uses them any more. */
export function startResourceClaims(parts: ControllerParts): void {
  new ClaimMaker(parts).start();
  new ClaimRelease(parts).start();
}
