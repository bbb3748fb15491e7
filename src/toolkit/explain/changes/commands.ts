import type { AgentPool } from '../../../nodepools/index.js';
import type { Question } from '../question.js';

type Managed = Question['managed'];

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text}'`);

const within = ({ resourceGroup, name }: Managed): string =>
  `--resource-group ${resourceGroup} --cluster-name ${name}`;

/** An `az aks nodepool` command on a pool. */
export const poolCommand = (
  verb: string,
  managed: Managed,
  pool: string,
  ...flags: readonly string[]
): string => ['az aks nodepool', verb, within(managed), `--name ${pool}`, ...flags].join(' ');

/** The command that adds a pool like another, in other zones or of another size. */
export function addPoolCommand(
  managed: Managed,
  { properties }: AgentPool,
  {
    vmSize,
    zones,
    nodes,
  }: { readonly vmSize: string; readonly zones: readonly string[]; readonly nodes: number },
): string {
  const { nodeLabels, nodeTaints = [], scaleSetPriority, mode } = properties;
  return poolCommand(
    'add',
    managed,
    'NAME',
    `--node-vm-size ${vmSize}`,
    `--node-count ${String(nodes)}`,
    ...(mode === 'System' ? ['--mode System'] : []),
    ...(scaleSetPriority === 'Spot' ? ['--priority Spot'] : []),
    ...(zones.length > 0 ? [`--zones ${zones.join(' ')}`] : []),
    ...labelFlags(nodeLabels),
    ...(nodeTaints.length > 0 ? [`--node-taints ${quoted(nodeTaints.join(','))}`] : []),
  );
}

/** `--labels a=b c=d`: all of a pool's labels, as the flag replaces them. */
export function labelFlags(labels: Readonly<Record<string, string>> = {}): readonly string[] {
  const pairs = Object.entries(labels).map(([key, value]) => quoted(`${key}=${value}`));
  return pairs.length > 0 ? [`--labels ${pairs.join(' ')}`] : [];
}
