// The command line: a table of commands; each is one file. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped.
import { parseArgs } from 'node:util';
import { toAtelierError } from '../../contracts/errors.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { jsonLine, printable, watchOutput } from './output.ts';
import { version } from './version.ts';

/** Commands are loaded when they are called, so that help and a wrong word cost nothing. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  chat: async () => (await import('./commands/chat.ts')).chat,
  ask: async () => (await import('./commands/ask.ts')).ask,
  knowledge: async () => (await import('./commands/knowledge.ts')).knowledge,
  agents: async () => (await import('./commands/agents.ts')).agents,
  apps: async () => (await import('./commands/apps.ts')).apps,
  datasets: async () => (await import('./commands/datasets.ts')).datasets,
  train: async () => (await import('./commands/train.ts')).train,
  evaluate: async () => (await import('./commands/evaluate.ts')).evaluate,
  models: async () => (await import('./commands/models.ts')).models,
  traces: async () => (await import('./commands/traces.ts')).traces,
  users: async () => (await import('./commands/users.ts')).users,
  keys: async () => (await import('./commands/keys.ts')).keys,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
};

/** What every command takes, before its name as well. */
const common = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const help = `atelier ${version}: private language models, every call in one ledger

  atelier serve                          the server and its page
  atelier chat [TEXT]                    talk to a model; reads a pipe too
  atelier ask -c NAME QUESTION           an answer from documents, with its sources
  atelier knowledge add|search|check     documents in, passages out
  atelier agents run NAME TASK           an agent that asks before it acts
  atelier apps [NAME TEXT]               the applications, also over the rows of a CSV file
  atelier datasets list|add|freeze       examples to learn from and to judge by
  atelier train RECIPE                   a better model from a dataset; list, show, pause, cancel
  atelier evaluate MODEL... -d NAME      models side by side on questions they never saw
  atelier models list|pull|show|remove   what can answer, and what can be had
  atelier traces list|show               the ledger of every call
  atelier users add|list|role|...        who may sign in; the first turns accounts on
  atelier keys add|list|revoke           keys for programs
  atelier doctor                         what this machine has and lacks

  --data DIR   data folder (or ATELIER_DATA)
  --json       machine-readable output
  --help       this, or the help of a command
  --version    the version
`;

/** Options before the command's name are put behind it. */
function split(argv: readonly string[]): { name: string | undefined; rest: string[] } {
  let at = 0;
  while (argv[at]?.startsWith('-')) at += argv[at] === '--data' ? 2 : 1;
  return { name: argv[at], rest: [...argv.slice(at + 1), ...argv.slice(0, at)] };
}

/** Node's own words run to several sentences; the first says what is wrong. */
function parse(name: string, args: string[], options: Command['options']) {
  try {
    return parseArgs({ args, options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const option = /'(-[^' ]+)/.exec(message)?.[1];
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const all = Object.keys(options).map((known) => `--${known}`);
      throw new UsageError(`atelier ${name} has no option ${option}. It has ${all.join(', ')}.`);
    }
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' && option !== undefined) {
      const takes = options[option.replace(/^--(no-)?/, '')]?.type === 'boolean' ? 'no value' : 'a value';
      throw new UsageError(`${option} takes ${takes}.`);
    }
    throw new UsageError(`${message.split('\n')[0]}`);
  }
}

async function main(argv: string[]): Promise<number> {
  const { name, rest } = split(argv);
  const end = rest.indexOf('--');
  const asked = (option: string) => rest.slice(0, end === -1 ? undefined : end).includes(option);
  if (name === undefined && (asked('--version') || asked('-v'))) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined && rest.length > 0 && !asked('--help') && !asked('-h'))
    throw new UsageError(`There is no command in "${rest.join(' ')}".`);
  if (name === undefined || (name === 'help' && rest.length === 0)) {
    process.stdout.write(help);
    return 0;
  }
  const called = name === 'help' ? (rest[0] ?? '') : name;
  const load = Object.hasOwn(commands, called) ? commands[called] : undefined;
  if (load === undefined)
    throw new UsageError(
      `There is no command "${called}". The commands are ${Object.keys(commands).join(', ')}.`,
    );
  const command = await load();
  if (name === 'help' || asked('--help') || asked('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  const { values, positionals } = parse(name, rest, { ...command.options, ...common });
  return command.run({ values, positionals, env: process.env });
}

watchOutput();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${printable(error.message)}\nRun \`atelier --help\` for the commands.\n`);
    process.exitCode = 2;
  } else {
    const known = toAtelierError(error);
    if (process.argv.includes('--json')) process.stderr.write(jsonLine({ error: known.toJSON() }));
    else process.stderr.write(`${printable(known.message)}\n`);
    // Only a defect of ours is worth its stack.
    if (known.code === 'internal' && known.cause instanceof Error)
      process.stderr.write(`${printable(known.cause.stack ?? '')}\n`);
    process.exitCode = known.code === 'cancelled' ? 130 : 1;
  }
}
