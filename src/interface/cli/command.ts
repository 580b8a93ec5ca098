// What a command is to the table in main.ts, and how it reads its arguments.
import type { ParseArgsOptionsConfig } from 'node:util';
import type { ConfigFlags } from '../../config.ts';

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
  if (!Number.isFinite(parsed)) throw new UsageError(`--${name} takes a number, not "${value}".`);
  return parsed;
}

export function configFlags(values: Record<string, unknown>): ConfigFlags {
  return {
    data: text(values, 'data'),
    host: text(values, 'host'),
    port: text(values, 'port'),
    open: flag(values, 'open'),
    model: text(values, 'model'),
    gpu: text(values, 'gpu'),
    log: text(values, 'log'),
  };
}
