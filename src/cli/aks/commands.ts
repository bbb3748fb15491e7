import { Command } from 'commander';
import type { UpdateFlags } from './pool-flags.js';

/** Flags that every `aks` command has, as az has them. */
const withGlobals = (command: Command, example: string): Command =>
  command
    .option('-o, --output <format>', 'json, jsonc, table, tsv, yaml, yamlc or none', 'json')
    .option('--query <jmespath>', 'JMESPath expression on the result')
    .option('--subscription <id>', 'subscription to use')
    .option('--cloud <name>', 'Local (the running Poolkeeper) or AzureCloud', 'Local')
    .option('--only-show-errors', 'show no warnings and no progress')
    .addHelpText('after', `\nExample:\n  ${example}`);

const inGroup = (command: Command): Command =>
  command.requiredOption('-g, --resource-group <name>', 'resource group of the cluster');
const ofCluster = (command: Command): Command =>
  inGroup(command).requiredOption('-n, --name <name>', 'name of the cluster');
const inCluster = (command: Command): Command =>
  inGroup(command).requiredOption('--cluster-name <name>', 'name of the cluster');
const ofPool = (command: Command): Command =>
  inCluster(command)
    .option('-n, --name <name>', 'name of the node pool')
    .option('--nodepool-name <name>', 'the same as --name');
const changing = (command: Command): Command =>
  command.option('--no-wait', 'do not wait for the operation to end');
const conditional = (command: Command): Command =>
  command
    .option('--if-match <etag>', 'only if the pool has this eTag')
    .option('--if-none-match <etag>', "'*': only if there is no such pool");
const waiting = (command: Command): Command =>
  command
    .option('--created', 'wait until it is created')
    .option('--updated', 'wait until it is updated')
    .option('--deleted', 'wait until it is deleted')
    .option('--exists', 'wait until it exists')
    .option('--custom <jmespath>', 'wait until this expression holds')
    .option('--interval <seconds>', 'between two looks', '30')
    .option('--timeout <seconds>', 'at the most', '3600');
const upgradeSettings = (command: Command): Command =>
  command
    .option('--max-surge <count>', 'extra nodes during an upgrade, e.g. 1 or 33%')
    .option('--max-unavailable <count>', 'nodes that may be missing during an upgrade')
    .option('--drain-timeout <minutes>', 'for each node during an upgrade')
    .option('--node-soak-duration <minutes>', 'to wait after each drained node')
    .option('--undrainable-node-behavior <name>', 'Schedule or Cordon');
const autoscaler = (command: Command): Command =>
  command
    .option('--min-count <count>', 'least nodes of the autoscaler')
    .option('--max-count <count>', 'most nodes of the autoscaler');
const described = (command: Command): Command =>
  command
    .option('--labels <key=value...>', 'node labels; "" clears')
    .option('--tags <key=value...>', 'tags; "" clears')
    .option('--node-taints <taints>', 'taints, e.g. sku=gpu:NoSchedule,a=b:NoExecute; "" clears');

/** The name of a pool comes by either of two flags. */
function named<F extends { readonly name?: string; readonly nodepoolName?: string }>(
  flags: F,
  command: Command,
): Omit<F, 'name' | 'nodepoolName'> & { readonly name: string } {
  const { name, nodepoolName, ...rest } = flags;
  const given = nodepoolName ?? name;
  if (given === undefined) {
    command.error('error: the following arguments are required: --name/--nodepool-name/-n', { exitCode: 2 });
  }
  return { ...rest, name: given };
}

type PoolModule = typeof import('./nodepool-actions.js');
type ClusterModule = typeof import('./cluster-actions.js');
const pools = (): Promise<PoolModule> => import('./nodepool-actions.js');
const clusters = (): Promise<ClusterModule> => import('./cluster-actions.js');
type FlagsOf<F extends (flags: never, ...rest: never[]) => unknown> = Parameters<F>[0];

/** `poolkeeper aks`: az's commands for clusters and node pools. Code is loaded when a command runs. */
export function aksCommand(): Command {
  const aks = new Command('aks').description('manage clusters and node pools, locally or in Azure');
  addClusterCommands(aks);
  const nodepool = aks.command('nodepool').description('manage the node pools of a cluster');
  addReadingPoolCommands(nodepool);
  addWritingPoolCommands(nodepool);
  return aks;
}

function addClusterCommands(aks: Command): void {
  const example = 'poolkeeper aks';
  withGlobals(
    aks
      .command('list')
      .description('list clusters')
      .option('-g, --resource-group <name>', 'of this group alone'),
    `${example} list -o table`,
  ).action(async (flags: FlagsOf<ClusterModule['list']>) => (await clusters()).list(flags));
  withGlobals(
    ofCluster(aks.command('show').description('show a cluster')),
    `${example} show -g grocery -n grocery`,
  ).action(async (flags: FlagsOf<ClusterModule['show']>) => (await clusters()).show(flags));
  withGlobals(
    changing(ofCluster(aks.command('create').description('create a cluster')))
      .option('-l, --location <region>', 'region', 'westeurope')
      .option('-k, --kubernetes-version <version>', 'e.g. 1.35 or 1.35.6')
      .option('--nodepool-name <name>', 'name of the system pool', 'nodepool1')
      .option('-c, --node-count <count>', 'nodes of the system pool', '3')
      .option('-s, --node-vm-size <size>', 'VM size of the system pool')
      .option('-z, --zones <zone...>', 'availability zones of the system pool')
      .option('-p, --dns-name-prefix <prefix>', "start of the cluster's host name")
      .option('--network-plugin <name>', 'azure, kubenet or none')
      .option('--network-plugin-mode <name>', 'overlay')
      .option('--pod-cidr <range>', 'range of pod addresses')
      .option('--vnet-subnet-id <id>', 'subnet of the nodes')
      .option('-m, --max-pods <count>', 'pods per node')
      .option('--tier <name>', 'Free, Standard or Premium')
      .option('--tags <key=value...>', 'tags')
      .option('--windows-admin-username <name>', 'needed for Windows pools')
      .option('--windows-admin-password <password>', 'needed for Windows pools'),
    `${example} create -g grocery -n shop -c 2 -s Standard_D4s_v5`,
  ).action(async (flags: FlagsOf<ClusterModule['create']>) => (await clusters()).create(flags));
  withGlobals(
    autoscaler(changing(ofCluster(aks.command('update').description('change a cluster'))))
      .option('--cluster-autoscaler-profile <key=value...>', 'settings of the autoscaler; "" resets all')
      .option('--ca-profile <key=value...>', 'the same as --cluster-autoscaler-profile')
      .option('-e, --enable-cluster-autoscaler', 'let the autoscaler set the count of the only pool')
      .option('-d, --disable-cluster-autoscaler', 'set the count of the only pool by hand')
      .option('-u, --update-cluster-autoscaler', 'change the bounds of the autoscaler of the only pool')
      .option('--tags <key=value...>', 'tags; "" clears'),
    `${example} update -g grocery -n grocery --cluster-autoscaler-profile scan-interval=30s expander=least-waste`,
  ).action(async (flags: FlagsOf<ClusterModule['update']>) => (await clusters()).update(flags));
  withGlobals(
    changing(ofCluster(aks.command('delete').description('delete a cluster'))).option(
      '-y, --yes',
      'do not ask',
    ),
    `${example} delete -g grocery -n shop --yes`,
  ).action(async (flags: FlagsOf<ClusterModule['remove']>) => (await clusters()).remove(flags));
  withGlobals(
    ofCluster(aks.command('get-credentials').description('merge the kubeconfig of a cluster'))
      .option('-a, --admin', 'of the cluster administrator')
      .option('-f, --file <path>', "kubeconfig to update (default: ~/.kube/config); '-' prints")
      .option('--overwrite-existing', 'replace entries of the same name')
      .option('--context <name>', 'name of the context'),
    `${example} get-credentials -g grocery -n grocery -f -`,
  ).action(async (flags: FlagsOf<ClusterModule['getCredentials']>) =>
    (await clusters()).getCredentials(flags),
  );
  withGlobals(
    aks
      .command('get-versions')
      .description('list the Kubernetes versions of a region')
      .requiredOption('-l, --location <region>', 'region'),
    `${example} get-versions -l westeurope -o table`,
  ).action(async (flags: FlagsOf<ClusterModule['getVersions']>) => (await clusters()).getVersions(flags));
  withGlobals(
    waiting(ofCluster(aks.command('wait').description('wait for a cluster'))),
    `${example} wait -g grocery -n shop --created --interval 1`,
  ).action(async (flags: FlagsOf<ClusterModule['wait']>) => (await clusters()).wait(flags));
}

function addReadingPoolCommands(nodepool: Command): void {
  const example = 'poolkeeper aks nodepool';
  const where = '-g grocery --cluster-name grocery';
  withGlobals(
    inCluster(nodepool.command('list').description('list node pools')),
    `${example} list ${where} -o table`,
  ).action(async (flags: FlagsOf<PoolModule['list']>) => (await pools()).list(flags));
  withGlobals(
    ofPool(nodepool.command('show').description('show a node pool')),
    `${example} show ${where} -n batch`,
  ).action(async (flags: FlagsOf<PoolModule['show']>, command: Command) =>
    (await pools()).show(named(flags, command)),
  );
  withGlobals(
    ofPool(nodepool.command('get-upgrades').description('show the versions a pool can be upgraded to')),
    `${example} get-upgrades ${where} -n batch`,
  ).action(async (flags: FlagsOf<PoolModule['getUpgrades']>, command: Command) =>
    (await pools()).getUpgrades(named(flags, command)),
  );
  withGlobals(
    waiting(ofPool(nodepool.command('wait').description('wait for a node pool'))),
    `${example} wait ${where} -n batch --updated --interval 1`,
  ).action(async (flags: FlagsOf<PoolModule['wait']>, command: Command) =>
    (await pools()).wait(named(flags, command)),
  );
}

function addWritingPoolCommands(nodepool: Command): void {
  const example = 'poolkeeper aks nodepool';
  const where = '-g grocery --cluster-name grocery';
  const add = autoscaler(upgradeSettings(described(conditional(changing(ofPool(nodepool.command('add')))))))
    .description('add a node pool')
    .option('-s, --node-vm-size <size>', 'VM size; without it the service chooses')
    .option('-c, --node-count <count>', 'nodes', '3')
    .option('-e, --enable-cluster-autoscaler', 'let the autoscaler set the count')
    .option('--os-type <name>', 'Linux or Windows')
    .option('--os-sku <name>', 'e.g. Ubuntu, AzureLinux, Windows2022')
    .option('-k, --kubernetes-version <version>', 'e.g. 1.35')
    .option('--mode <name>', 'System or User', 'User')
    .option('-m, --max-pods <count>', 'pods per node')
    .option('-z, --zones <zone...>', 'availability zones, e.g. 1 2 3')
    .option('--node-osdisk-type <name>', 'Ephemeral or Managed')
    .option('--node-osdisk-size <gigabytes>', 'size of the OS disk')
    .option('--priority <name>', 'Regular or Spot', 'Regular')
    .option('--eviction-policy <name>', 'of Spot VMs: Delete or Deallocate')
    .option('--spot-max-price <dollars>', 'an hour; -1 pays up to the regular price')
    .option('--scale-down-mode <name>', 'Delete or Deallocate', 'Delete')
    .option('--vnet-subnet-id <id>', 'subnet of the nodes')
    .option('--pod-subnet-id <id>', 'subnet of the pods')
    .option('--enable-node-public-ip', 'give each node a public address')
    .option('--enable-encryption-at-host', 'encrypt temporary disks and caches')
    .option('--enable-ultra-ssd', 'allow ultra disks')
    .option('--enable-fips-image', 'use the FIPS node image')
    .option('--gpu-instance-profile <name>', 'MIG1g, MIG2g, MIG3g, MIG4g or MIG7g')
    .option('--gpu-driver <name>', 'Install or None')
    .option('--vm-set-type <name>', 'VirtualMachineScaleSets or VirtualMachines')
    .option('--pod-ip-allocation-mode <name>', 'DynamicIndividual or StaticBlock')
    .option('--node-public-ip-prefix-id <id>', 'prefix of the public addresses')
    .option('--node-public-ip-tags <key=value...>', 'tags of the public addresses')
    .option('--allowed-host-ports <ports>', 'e.g. 80/tcp,4000-5000/udp')
    .option('--asg-ids <ids>', 'application security groups, by commas')
    .option('--ppg <id>', 'proximity placement group')
    .option('--host-group-id <id>', 'dedicated host group')
    .option('--crg-id <id>', 'capacity reservation group')
    .option('--snapshot-id <id>', 'node pool snapshot')
    .option('--enable-vtpm', 'virtual TPM')
    .option('--enable-secure-boot', 'secure boot')
    .option('--ssh-access <name>', 'LocalUser, Disabled or EntraId')
    .option('--kubelet-config <file>', 'JSON file of kubelet settings')
    .option('--linux-os-config <file>', 'JSON file of kernel settings')
    .option('--message-of-the-day <file>', 'text that a login shows')
    .option('--workload-runtime <name>', 'OCIContainer or KataVmIsolation')
    .option('--disable-windows-outbound-nat', 'for Windows pools behind a NAT gateway');
  withGlobals(
    add,
    `${example} add ${where} -n gpu -c 1 -s Standard_NC4as_T4_v3 --node-taints sku=gpu:NoSchedule`,
  ).action(async (flags: FlagsOf<PoolModule['add']>, command: Command) =>
    (await pools()).add(named(flags, command)),
  );

  const update = autoscaler(
    upgradeSettings(described(conditional(changing(ofPool(nodepool.command('update')))))),
  )
    .description('change a node pool')
    .option('-e, --enable-cluster-autoscaler', 'let the autoscaler set the count')
    .option('-d, --disable-cluster-autoscaler', 'set the count by hand')
    .option('-u, --update-cluster-autoscaler', 'change the bounds of the autoscaler')
    .option('--mode <name>', 'System or User')
    .option('--scale-down-mode <name>', 'Delete or Deallocate');
  withGlobals(
    update,
    `${example} update ${where} -n batch --update-cluster-autoscaler --min-count 1 --max-count 20`,
  ).action(async (flags: FlagsOf<PoolModule['update']> & UpdateFlags, command: Command) => {
    const target = named(flags, command);
    await (await pools()).update(target, changesOf(target));
  });

  withGlobals(
    conditional(
      changing(ofPool(nodepool.command('scale').description('set the count of a node pool'))),
    ).option('-c, --node-count <count>', 'nodes', '3'),
    `${example} scale ${where} -n checkout -c 5`,
  ).action(async (flags: FlagsOf<PoolModule['scale']>, command: Command) =>
    (await pools()).scale(named(flags, command)),
  );
  withGlobals(
    conditional(changing(ofPool(nodepool.command('delete').description('delete a node pool'))))
      .option('-i, --ignore-pdb', 'do not respect pod disruption budgets')
      .option('-y, --yes', 'do not ask'),
    `${example} delete ${where} -n batch --yes`,
  ).action(async (flags: FlagsOf<PoolModule['remove']>, command: Command) =>
    (await pools()).remove(named(flags, command)),
  );
  withGlobals(
    changing(ofPool(nodepool.command('operation-abort').description('abort what runs on a node pool'))),
    `${example} operation-abort ${where} -n batch`,
  ).action(async (flags: FlagsOf<PoolModule['abort']>, command: Command) =>
    (await pools()).abort(named(flags, command)),
  );
}

/** The flags of `update` that change something, without those that only say where and how. */
function changesOf(flags: UpdateFlags & Readonly<Record<string, unknown>>): UpdateFlags {
  const {
    resourceGroup,
    clusterName,
    name,
    wait,
    ifMatch,
    ifNoneMatch,
    output,
    query,
    subscription,
    cloud,
    onlyShowErrors,
    ...changes
  } = flags as Record<string, unknown>;
  void [
    resourceGroup,
    clusterName,
    name,
    wait,
    ifMatch,
    ifNoneMatch,
    output,
    query,
    subscription,
    cloud,
    onlyShowErrors,
  ];
  return changes as UpdateFlags;
}
