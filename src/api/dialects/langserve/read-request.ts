// The bodies of LangServe's calls: an input, a configuration (camelCase from JavaScript, snake_case from Python), and what
// of the log is wanted. Unknown fields are ignored.
import { z } from '@hono/zod-openapi';
import { AtelierError } from '../../../contracts/errors.ts';
import { decompressFromEncodedUriComponent } from '../../../lib/lz-string.ts';
import { validationError } from '../../errors.ts';

const count = z.number().int().positive().nullish();

const configSchema = z.object({
  configurable: z
    .object({ model: z.string().min(1).max(512).nullish().describe('A model id or an alias') })
    .nullish(),
  tags: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  recursionLimit: count,
  recursion_limit: count,
  maxConcurrency: count,
  max_concurrency: count,
});
type WireConfig = z.infer<typeof configSchema>;

/** A call's configuration as the rest reads it. */
export interface ServeConfig {
  model?: string;
  maxSteps?: number;
  maxConcurrency?: number;
  tags: string[];
  metadata: Record<string, unknown>;
}

const names = z.array(z.string()).nullish();
const logSchema = z.object({
  include_names: names,
  include_types: names,
  include_tags: names,
  exclude_names: names,
  exclude_types: names,
  exclude_tags: names,
  version: z.enum(['v1', 'v2']).nullish(),
  kwargs: z.object({ version: z.enum(['v1', 'v2']).nullish() }).nullish(),
});
export type LogRequest = z.infer<typeof logSchema>;

const callSchema = z
  .object({ input: z.unknown().optional(), config: configSchema.nullish() })
  .refine((body) => 'input' in body && body.input !== undefined, {
    path: ['input'],
    message: 'field required',
  });
const batchSchema = z.object({
  inputs: z.array(z.unknown()).max(1000),
  config: z.union([configSchema, z.array(configSchema)]).nullish(),
});

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw validationError(parsed.error.issues);
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AtelierError('invalid_request', 'Invalid JSON body', { cause });
  }
}

/** The configuration that an address carries: `P/c/{hash}/...`. */
export function configOfHash(hash: string | undefined): WireConfig {
  if (hash === undefined) return {};
  try {
    return read(configSchema, JSON.parse(decompressFromEncodedUriComponent(hash)));
  } catch (cause) {
    throw new AtelierError(
      'invalid_request',
      'Invalid config hash: the part after /c/ is no configuration packed by lz-string.',
      { cause },
    );
  }
}

/** The later ones win. */
function toConfig(...configs: (WireConfig | null | undefined)[]): ServeConfig {
  const last = <T>(pick: (config: WireConfig) => T | null | undefined): T | undefined =>
    configs
      .map((config) => (config ? pick(config) : undefined))
      .findLast((value) => value !== undefined && value !== null) ?? undefined;
  const model = last((config) => config.configurable?.model);
  const maxSteps = last((config) => config.recursionLimit ?? config.recursion_limit);
  const maxConcurrency = last((config) => config.maxConcurrency ?? config.max_concurrency);
  return {
    ...(model === undefined ? {} : { model }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    tags: configs.flatMap((config) => config?.tags ?? []),
    metadata: Object.assign({}, ...configs.map((config) => config?.metadata ?? {})),
  };
}

/** @throws AtelierError invalid_request */
export function readCall(text: string, hash: string | undefined): { input: unknown; config: ServeConfig } {
  const { input, config } = read(callSchema, readJson(text));
  return { input, config: toConfig(configOfHash(hash), config) };
}

export function readLogRequest(text: string): LogRequest {
  return read(logSchema, readJson(text));
}

/** One configuration for all inputs, or one an input. */
export function readBatch(
  text: string,
  hash: string | undefined,
): { inputs: unknown[]; configs: ServeConfig[] } {
  const { inputs, config } = read(batchSchema, readJson(text));
  if (Array.isArray(config) && config.length !== inputs.length && config.length > 0)
    throw new AtelierError(
      'invalid_request',
      `Number of configs (${config.length}) must match number of inputs (${inputs.length})`,
    );
  const ofHash = configOfHash(hash);
  return {
    inputs,
    configs: inputs.map((_, index) => toConfig(ofHash, Array.isArray(config) ? config[index] : config)),
  };
}

export const configJsonSchema = {
  title: 'Config',
  type: 'object',
  properties: {
    configurable: {
      title: 'Configurable',
      type: 'object',
      properties: {
        model: {
          title: 'Model',
          type: 'string',
          description: 'A model id or an alias, in place of the default or of the agent’s own',
        },
      },
    },
    recursion_limit: {
      title: 'Recursion limit',
      type: 'integer',
      minimum: 1,
      description: 'Most steps of an agent',
    },
    max_concurrency: {
      title: 'Max concurrency',
      type: 'integer',
      minimum: 1,
      description: 'Inputs of a batch at once',
    },
  },
};
