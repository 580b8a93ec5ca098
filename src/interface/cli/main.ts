// The command line: a table of commands; each is one file. Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped.
import { parseArgs } from 'node:util';
import { toAtelierError } from '../../contracts/errors.ts';
import type { Command } from './command.ts';
import { UsageError } from './command.ts';
import { serve } from './commands/serve.ts';
import { version } from './version.ts';

/** Commands are loaded when they are called, so that help and a wrong word cost nothing. */
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => serve,
  chat: async () => (await import('./commands/chat.ts')).chat,
  models: async () => (await import('./commands/models.ts')).models,
  traces: async () => (await import('./commands/traces.ts')).traces,
  doctor: async () => (await import('./commands/doctor.ts')).doctor,
};

const help = `atelier ${version}: private language models, every call in one ledger

  atelier serve                    the server and its page        (atelier serve --help)
  atelier chat [TEXT]              talk to a model; reads a pipe too
  atelier models list|pull|remove|show
  atelier traces list|show
  atelier doctor                   what this machine has and lacks

  --data DIR   data folder (or ATELIER_DATA)     --json      machine-readable output
  --help       help of a command                 --version   the version
`;

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const load = commands[name];
  if (load === undefined)
    throw new UsageError(
      `There is no command "${name}". The commands are ${Object.keys(commands).join(', ')}.`,
    );
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(command.help);
    return 0;
  }
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: rest,
      options: { data: { type: 'string' }, json: { type: 'boolean' }, ...command.options },
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  return command.run({ values: parsed.values, positionals: parsed.positionals, env: process.env });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nRun \`atelier --help\` for the commands.\n`);
    process.exitCode = 2;
  } else {
    const known = toAtelierError(error);
    if (process.argv.includes('--json'))
      process.stderr.write(`${JSON.stringify({ error: known.toJSON() })}\n`);
    else process.stderr.write(`${known.message}\n`);
    if (known.code === 'internal' && known.cause instanceof Error)
      process.stderr.write(`${known.cause.stack ?? ''}\n`);
    process.exitCode = known.code === 'cancelled' ? 130 : 1;
  }
}
