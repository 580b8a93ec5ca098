// What a command is to the table in main.ts, and how it reads its arguments.
import type { ParseArgsOptionsConfig } from 'node:util';
import { type Config, type ConfigFlags, readConfig } from '../../config.ts';

export interface Invocation {
  values: Record<string, unknown>;
  positionals: string[];
  env: NodeJS.ProcessEnv;
}

export interface Command {
  help: string;
  options: ParseArgsOptionsConfig;
  /** Returns the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** Wrong words on the command line: exit code 2. */
export class UsageError extends Error {}

export function text(values: Record<string, unknown>, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(values: Record<string, unknown>, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** A number option, checked. @throws UsageError */
export function number(values: Record<string, unknown>, name: string): number | undefined {
  const value = text(values, name);
  if (value === undefined) return undefined;
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed))
    throw new UsageError(`--${name} takes a number, not "${value}".`);
  return parsed;
}

/** The words after a command, exactly as many as it has names for. @throws UsageError */
export function words(positionals: readonly string[], command: string, ...names: string[]): string[] {
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${command} needs ${missing}.`);
  const extra = positionals[names.length];
  if (extra !== undefined) throw new UsageError(`${command} does not take "${extra}".`);
  return [...positionals];
}

export function configFlags(values: Record<string, unknown>): ConfigFlags {
  return {
    data: text(values, 'data'),
    host: text(values, 'host'),
    publicUrl: text(values, 'public-url'),
    trustProxy: text(values, 'trust-proxy'),
    tlsCert: text(values, 'tls-cert'),
    tlsKey: text(values, 'tls-key'),
    port: text(values, 'port'),
    open: flag(values, 'open'),
    model: text(values, 'model'),
    gpu: text(values, 'gpu'),
    log: text(values, 'log'),
  };
}

/** The configuration of a command that is no server: it fetches no first model and keeps its log to itself. */
export function clientConfig(values: Record<string, unknown>, env: NodeJS.ProcessEnv): Config {
  return readConfig({ data: text(values, 'data'), model: 'none', log: env.ATELIER_LOG || 'error' }, env);
}
