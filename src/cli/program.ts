import { Command } from 'commander';
import { aksCommand } from './aks/commands.js';
import { explainCommand } from './explain/command.js';
import { completionScript, completionShells } from './completion.js';
import type { UpOptions } from './commands/up.js';
import { UsageError } from './usage-error.js';

/** The `poolkeeper` command. Each command's code is loaded when it is run. */
export function createProgram(): Command {
  const program = new Command('poolkeeper')
    .description(
      'Rehearses and runs AKS node pools: a local control plane for az, Terraform, SDKs and kubectl.',
    )
    .showHelpAfterError('(--help shows the usage)');

  program
    .command('up')
    .description('start the local control plane and serve until Ctrl-C')
    .option('--data <directory>', 'where the world is kept (default: ~/.poolkeeper)')
    .option('--ephemeral', 'keep nothing')
    .option('--port <number>', 'port of the Azure Resource Manager; 0 takes a free one', '8443')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--speed <factor>', 'world seconds that pass in one second', '1')
    .option('--latency <profile>', 'how long clouds take: fast, realistic or a YAML file', 'fast')
    .option('--seed <text>', 'source of all chance in a new world')
    .option('--config <file>', 'YAML file of quota, shortages and restrictions')
    .option('--demo', 'create the grocery cluster in a new world (the default)')
    .option('--empty', 'create nothing')
    .addHelpText('after', '\nExample:\n  poolkeeper up --ephemeral --port 0 --latency realistic --speed 60')
    .action(async (options: UpOptions) => (await import('./commands/up.js')).up(options));

  program
    .command('env')
    .description('print the lines that point az, Terraform and the SDKs at the running control plane')
    .option('--shell <name>', 'bash, powershell or json', 'bash')
    .addHelpText('after', '\nExample:\n  poolkeeper env > poolkeeper.sh && . ./poolkeeper.sh')
    .action(async (options: { shell: string }) => (await import('./commands/env.js')).env(options));

  program
    .command('limits')
    .description('show what the subscription may use and what regions have left, or set it from a YAML file')
    .argument('[file]', 'quota, shortages and restrictions to set; the others stay')
    .addHelpText('after', '\nExample:\n  poolkeeper limits shortage.yaml')
    .action(async (file?: string) => (await import('./commands/limits.js')).limits(file));

  program.addCommand(aksCommand());
  program.addCommand(explainCommand());

  program
    .command('completion')
    .description('print a completion script')
    .argument('<shell>', completionShells.join(', '))
    .addHelpText(
      'after',
      '\nExample:\n  poolkeeper completion bash > ~/.local/share/bash-completion/completions/poolkeeper',
    )
    .action((shell: string) => {
      const script = completionScript(program, shell);
      if (script === undefined)
        throw new UsageError(`The shell must be one of ${completionShells.join(', ')}, not '${shell}'.`);
      process.stdout.write(script);
    });
  return program;
}
