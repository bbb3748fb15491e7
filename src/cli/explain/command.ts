import { Command } from 'commander';
import type { ExplainFlags } from './explain.js';
import type { ScalingFlags } from './scaling/explain.js';

const help = `
Exit codes:
  0  the pod runs, or would run at once
  1  it does not, or the question is refused
  2  the command line can't be read
  3  there is no such pod

Examples:
  poolkeeper explain pod cart-6d5f7c9b8-x2lqz -n checkout
  poolkeeper explain pod -f deployment.yaml        # before it is created
  poolkeeper explain pod cart-0 -o json | jq -r .verdict.kind

What each verdict means, and the shape of the JSON: docs/explain.md`;

const scalingHelp = `
Exit codes:
  0  nothing stands in the way of nodes
  1  pods wait for nodes that nobody gives, or there is no autoscaler
  2  the command line can't be read
  3  there is no such pool

Examples:
  poolkeeper explain scaling
  poolkeeper explain scaling --pool checkout --since 1h
  poolkeeper explain scaling -o json | jq -r '.nodes[] | select(.kind == "unneeded") | .node'

How the autoscaler works and how to read this: docs/autoscaler.md; the shape of the JSON: docs/explain.md`;

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
  explain
    .command('scaling')
    .description(
      'what the cluster autoscaler decided of late and why, whether each node may go, and what is exhausted',
    )
    .option('--pool <name>', 'one pool alone')
    .option('--since <span>', 'decisions that were taken no longer ago, e.g. 30m or 2h')
    .option('--limit <number>', 'how many decisions are told, the newest (default: 10)')
    .option('-g, --resource-group <name>', 'resource group of the cluster, where there are several clusters')
    .option('--cluster-name <name>', 'name of the cluster, where there are several')
    .option('-o, --output <format>', 'text, json or yaml', 'text')
    .addHelpText('after', scalingHelp)
    .action(async (flags: ScalingFlags) => {
      const { explainScalingOf } = await import('./scaling/explain.js');
      process.exitCode = await explainScalingOf(flags);
    });
  return explain;
}
