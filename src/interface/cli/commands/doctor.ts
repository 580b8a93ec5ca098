// `atelier doctor`: what this machine has and lacks, a line each; exits with 1 when something that is needed is missing.
import { spawnSync } from 'node:child_process';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { readAddress } from '../../../app.ts';
import { readConfig } from '../../../config.ts';
import { type Command, configFlags, flag } from '../command.ts';
import { bytes, printJson } from '../output.ts';
import { version } from '../version.ts';

interface Finding {
  name: string;
  ok: boolean;
  /** A fault stops Atelier; the rest is only worth knowing. */
  needed: boolean;
  detail: string;
}

async function dataFolder(dir: string): Promise<Finding> {
  try {
    await mkdir(dir, { recursive: true });
    await access(dir, constants.W_OK);
    const disk = await statfs(dir);
    const free = disk.bavail * disk.bsize;
    return {
      name: 'data folder',
      ok: free > 2e9,
      needed: true,
      detail: `${dir}, ${bytes(free)} free${free > 2e9 ? '' : ': the default model needs 2 GB'}`,
    };
  } catch (error) {
    return {
      name: 'data folder',
      ok: false,
      needed: true,
      detail: `${dir} cannot be written (${error instanceof Error ? error.message : error}); choose another with --data`,
    };
  }
}

function pip(): Finding {
  for (const [command, args] of [
    ['pip', []],
    ['pip3', []],
    ['python3', ['-m', 'pip']],
  ] as const) {
    const found = spawnSync(command, [...args, '--version'], { encoding: 'utf8', timeout: 10_000 });
    if (found.status === 0)
      return {
        name: 'pip',
        ok: true,
        needed: false,
        detail: found.stdout.trim().split(' from ')[0] ?? 'found',
      };
  }
  return {
    name: 'pip',
    ok: false,
    needed: false,
    detail: 'absent: models can still come from the hub, from a file, or from an endpoint',
  };
}

async function engine(): Promise<Finding> {
  try {
    const { engineBackends } = await import('../../../app.ts');
    return {
      name: 'local engine',
      ok: true,
      needed: true,
      detail: `llama.cpp with ${(await engineBackends()).join(', ')}`,
    };
  } catch (error) {
    return {
      name: 'local engine',
      ok: false,
      needed: true,
      detail: `the prebuilt llama.cpp does not load: ${error instanceof Error ? error.message : error}`,
    };
  }
}

export const doctor: Command = {
  help: 'atelier doctor: what this machine has and lacks\n',
  options: {},
  async run({ values, env }) {
    const config = readConfig(configFlags(values), env);
    const address = await readAddress(config.dataDir);
    const findings: Finding[] = [
      { name: 'atelier', ok: true, needed: true, detail: version },
      { name: 'node', ok: true, needed: true, detail: process.version },
      {
        name: 'processor',
        ok: true,
        needed: true,
        detail: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
      },
      {
        name: 'memory',
        ok: totalmem() > 3e9,
        needed: true,
        detail: `${bytes(freemem())} free of ${bytes(totalmem())}`,
      },
      await dataFolder(config.dataDir),
      pip(),
      await engine(),
      {
        name: 'server',
        ok: address !== null,
        needed: false,
        detail: address === null ? 'not running for this data folder' : address.url,
      },
    ];
    if (flag(values, 'json')) printJson({ findings });
    else
      for (const { name, ok, needed, detail } of findings)
        process.stdout.write(
          `${ok ? 'ok     ' : needed ? 'MISSING' : '-      '} ${name.padEnd(13)} ${detail}\n`,
        );
    return findings.some((finding) => finding.needed && !finding.ok) ? 1 : 0;
  },
};
