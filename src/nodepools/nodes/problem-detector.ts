import type { NodeReport } from '../../kube/index.js';
import type { AgentPoolProperties } from '../model.js';

const fine = (type: string, reason: string, message: string): NodeReport => ({
  type,
  status: 'False',
  reason,
  message,
});

/** What the node problem detector says of a Linux node that is well (AKS: node problem detector; texts of its example). */
const noProblems: readonly NodeReport[] = [
  fine('VMEventScheduled', 'NoVMEventScheduled', 'VM has no scheduled event'),
  fine('FrequentContainerdRestart', 'NoFrequentContainerdRestart', 'containerd is functioning properly'),
  fine('FrequentDockerRestart', 'NoFrequentDockerRestart', 'docker is functioning properly'),
  fine('FilesystemCorruptionProblem', 'FilesystemIsOK', 'Filesystem is healthy'),
  fine('FrequentUnregisterNetDevice', 'NoFrequentUnregisterNetDevice', 'node is functioning properly'),
  fine('ContainerRuntimeProblem', 'ContainerRuntimeIsUp', 'container runtime service is up'),
  fine('KernelDeadlock', 'KernelHasNoDeadlock', 'kernel has no deadlock'),
  fine('FrequentKubeletRestart', 'NoFrequentKubeletRestart', 'kubelet is functioning properly'),
  fine('KubeletProblem', 'KubeletIsUp', 'kubelet service is up'),
  fine('ReadonlyFilesystem', 'FilesystemIsNotReadOnly', 'Filesystem is not read-only'),
];

/** What else than the kubelet reports on a node of a pool: the AKS Linux extension brings the detector. */
export const detectedProblems = ({ osType }: AgentPoolProperties): readonly NodeReport[] =>
  osType === 'Linux' ? noProblems : [];
