import { Command } from 'commander';
import type { ExplainFlags } from './explain.js';

const help = `
Exit codes:
  0  the pod runs, or would run at once
  1  it does not, or there is no such pod
  2  the command line can't be read

Examples:
  poolkeeper explain pod cart-6d5f7c9b8-x2lqz -n checkout
  poolkeeper explain pod -f deployment.yaml        # before it is created
  poolkeeper explain pod cart-0 -o json | jq -r .verdict.kind

What each verdict means, and the shape of the JSON: docs/explain.md`;

/** `poolkeeper explain`. */
export function explainCommand(): Command {
  const explain = new Command('explain').description(
    'say why something is as it is in the running cluster, and what would change it',
  );
  explain
    .command('pod')
    .description('why a pod has no node, pool by pool, and which single change would let it run')
    .argument('[name]', 'name of the pod')
    .option('-n, --namespace <name>', 'namespace of the pod (default: "default", or what the file says)')
    .option('-f, --filename <file>', 'a pod or a workload that is not created yet; - reads it from the input')
    .option('-g, --resource-group <name>', 'resource group of the cluster, where there are several clusters')
    .option('--cluster-name <name>', 'name of the cluster, where there are several')
    .option('-o, --output <format>', 'text, json or yaml', 'text')
    .addHelpText('after', help)
    .action(async (name: string | undefined, flags: ExplainFlags) => {
      const { explainPods } = await import('./explain.js');
      process.exitCode = await explainPods(name, flags);
    });
  return explain;
}
