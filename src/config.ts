// The program's configuration: one schema over flags and environment, read once, every fault reported together.
// The program works with no flags and no environment at all.
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AtelierError } from './contracts/errors.ts';
import { parseAddressList } from './lib/address-list.ts';

export const DEFAULT_PORT = 4242;

/** What was given instead, quoted: a fault names it. */
const given = (issue: { input?: unknown }) => JSON.stringify(issue.input);
const oneOf = <const Values extends readonly [string, ...string[]]>(name: string, values: Values) =>
  z.enum(values, { error: (issue) => `${name} is one of ${values.join(', ')}, not ${given(issue)}` });

/** Commas between entries, as in an environment variable; none: an empty list. */
const listOf = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** `https://atelier.example`, as a browser writes an origin; null for what is none. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const bare =
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === '';
  return /^https?:$/.test(url.protocol) && bare ? url.origin : null;
}

const configSchema = z.object({
  dataDir: z
    .string()
    .min(1, '--data (or ATELIER_DATA) takes a folder, not ""')
    .transform((dir) => resolve(dir)),
  host: z
    .string()
    .refine((host) => host === 'localhost' || isIP(host) !== 0, {
      error: (issue) =>
        `--host (or ATELIER_HOST) is an address of this machine, 0.0.0.0 or :: for all of them, not ${given(issue)}`,
    })
    .nullable()
    .describe('null: 127.0.0.1 and ::1. What lies beyond needs accounts'),
  publicUrls: z
    .array(
      z.string().transform((text, context) => {
        const origin = originOf(text);
        if (origin !== null) return origin;
        context.addIssue({
          code: 'custom',
          message: `--public-url (or ATELIER_PUBLIC_URL) is an address such as https://atelier.example, without a path, not ${JSON.stringify(text)}`,
        });
        return z.NEVER;
      }),
    )
    .describe('Where browsers and programs find it when that is not where it listens'),
  trustProxy: z
    .array(z.string())
    .refine((entries) => parseAddressList(entries) !== null, {
      error: (issue) =>
        `--trust-proxy (or ATELIER_TRUST_PROXY) takes addresses and networks such as 10.0.0.5,10.1.0.0/16, not ${given(issue)}`,
    })
    .describe('Whose X-Forwarded-For and X-Forwarded-Proto count'),
  tls: z
    .object({ cert: z.string().min(1).nullable(), key: z.string().min(1).nullable() })
    .refine(({ cert, key }) => (cert === null) === (key === null), {
      error:
        '--tls-cert and --tls-key (or ATELIER_TLS_CERT and ATELIER_TLS_KEY) go together: both, or neither',
    })
    .transform(({ cert, key }) =>
      cert === null || key === null ? null : { cert: resolve(cert), key: resolve(key) },
    )
    .describe('Files in PEM form; null: plain http'),
  port: z
    .string()
    .refine((port) => /^\d{1,5}$/.test(port) && Number(port) <= 65_535, {
      error: (issue) => `--port (or ATELIER_PORT) is a whole number from 0 to 65535, not ${given(issue)}`,
    })
    .transform(Number),
  open: z.boolean().describe('Whether to open the browser'),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'DATABASE_URL must start with postgres:// or postgresql://')
    .nullable(),
  secret: z.string().min(16, 'ATELIER_SECRET must have at least 16 characters').nullable(),
  hubEndpoint: z.url('HF_ENDPOINT must be an address such as https://hub.example').nullable(),
  hubToken: z.string().nullable().describe('HF_TOKEN, for repositories that ask for one; a secret'),
  gpu: oneOf('--gpu (or ATELIER_GPU)', ['auto', 'cpu', 'cuda', 'vulkan', 'metal']),
  model: z.string().nullable().describe('What the first run fetches: a catalogue id, auto, or none'),
  logLevel: oneOf('--log (or ATELIER_LOG)', ['debug', 'info', 'warn', 'error']),
});
export type Config = z.infer<typeof configSchema>;

/** What the command line may set; an absent field leaves it to the environment, then to the default. */
export interface ConfigFlags {
  data?: string | undefined;
  host?: string | undefined;
  publicUrl?: string | undefined;
  trustProxy?: string | undefined;
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  port?: string | undefined;
  open?: boolean | undefined;
  model?: string | undefined;
  gpu?: string | undefined;
  log?: string | undefined;
}

/** The platform's folder for a user's data. */
export function defaultDataDir(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Atelier');
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Atelier');
  return join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'atelier');
}

/** @throws AtelierError invalid_request whose message names every fault */
export function readConfig(flags: ConfigFlags, env: NodeJS.ProcessEnv): Config {
  const parsed = configSchema.safeParse({
    dataDir: flags.data ?? (env.ATELIER_DATA || defaultDataDir(env)),
    host: flags.host ?? (env.ATELIER_HOST || null),
    publicUrls: listOf(flags.publicUrl ?? env.ATELIER_PUBLIC_URL),
    trustProxy: listOf(flags.trustProxy ?? env.ATELIER_TRUST_PROXY),
    tls: {
      cert: flags.tlsCert ?? (env.ATELIER_TLS_CERT || null),
      key: flags.tlsKey ?? (env.ATELIER_TLS_KEY || null),
    },
    port: flags.port ?? (env.ATELIER_PORT || String(DEFAULT_PORT)),
    open: flags.open ?? true,
    databaseUrl: env.DATABASE_URL || null,
    secret: env.ATELIER_SECRET || null,
    hubEndpoint: env.HF_ENDPOINT || null,
    hubToken: env.HF_TOKEN || null,
    gpu: flags.gpu ?? (env.ATELIER_GPU || 'auto'),
    model: flags.model ?? (env.ATELIER_MODEL || 'auto'),
    logLevel: flags.log ?? (env.ATELIER_LOG || 'warn'),
  });
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => issue.message);
  throw new AtelierError('invalid_request', `${faults.join('.\n')}.`, { data: { faults } });
}
