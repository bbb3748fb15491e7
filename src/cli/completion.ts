import type { Command } from 'commander';

export const completionShells = ['bash', 'zsh', 'fish'] as const;

/** What can follow a command: its words and its flags. */
interface Node {
  readonly path: string;
  readonly words: readonly string[];
}

/** The script that makes a shell complete commands and flags; `undefined` for a shell that is not known. */
export function completionScript(program: Command, shell: string): string | undefined {
  const nodes = nodesOf(program, '');
  switch (shell) {
    case 'bash':
      return bash(nodes);
    case 'zsh':
      return `#compdef poolkeeper\nautoload -U +X bashcompinit && bashcompinit\n${bash(nodes)}`;
    case 'fish':
      return fish(nodes);
    default:
      return undefined;
  }
}

function nodesOf(command: Command, path: string): readonly Node[] {
  const flags = command.options.flatMap(({ long }) => (long ? [long] : []));
  const subcommands = command.commands.map((sub) => sub.name());
  const own = { path, words: [...subcommands, ...flags, '--help'] };
  return [own, ...command.commands.flatMap((sub) => nodesOf(sub, `${path} ${sub.name()}`.trim()))];
}

/** The longest command that the words before the cursor name decides what may come. */
const bash = (nodes: readonly Node[]): string => `_poolkeeper() {
  local path="" words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${nodes.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _poolkeeper poolkeeper
`;

const fish = (nodes: readonly Node[]): string =>
  nodes
    .map(({ path, words }) => {
      const condition = `test (string join ' ' (string match -v -- '-*' (commandline -opc)[2..])) = '${path}'`;
      return `complete -c poolkeeper -f -n "${condition}" -a '${words.join(' ')}'\n`;
    })
    .join('');
