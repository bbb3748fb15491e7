import type { VolumeTimings } from '../../volumes/index.js';
import type { ControllerParts } from '../controller.js';
import { AttachmentController } from './attachments.js';
import { Attacher } from './attacher.js';
import { ClaimController } from './claims.js';
import { CsiNodeController } from './csi-nodes.js';
import { EphemeralVolumes } from './ephemeral.js';
import { ClaimProtection } from './protection.js';
import { Provisioner } from './provisioner.js';
import { Resizer } from './resizer.js';
import { VolumeController } from './volumes.js';

/** Starts what binds, makes, attaches and takes away volumes. */
export function startVolumeControllers(parts: ControllerParts, timings: VolumeTimings): void {
  for (const Loop of [CsiNodeController, EphemeralVolumes, ClaimController, Attacher, ClaimProtection])
    new Loop(parts).start();
  for (const Loop of [Provisioner, VolumeController, AttachmentController, Resizer])
    new Loop(parts, timings).start();
}
