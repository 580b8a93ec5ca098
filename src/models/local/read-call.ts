// Reads the AI SDK's call options into what the engine understands, with a warning for everything it cannot honour.
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import { type AtelierOptions, atelierOptionsSchema } from '../../contracts/model.ts';
import type { GenerateSpec, PromptInput } from './engine-protocol.ts';
import {
  alternativesGrammar,
  anyJsonGrammar,
  choicesGrammar,
  type Schema,
  schemaGrammar,
} from './json-grammar.ts';
import { readPrompt } from './read-prompt.ts';

export interface ReadCall {
  prompt: PromptInput;
  spec: GenerateSpec;
  atelier: AtelierOptions;
  warnings: SharedV4Warning[];
  /** Names of the tools that may be called. */
  tools: ReadonlySet<string>;
  /** What the answer must be valid against; null: anything goes. */
  schema: Schema | null;
}

/** Where the caller leaves a setting open. llama.cpp's defaults, a little cooler for small models. */
export const defaultSampling = {
  temperature: 0.7,
  topP: 0.95,
  topK: 40,
  minP: 0.05,
  repeatPenalty: 1,
} as const;

/** @throws AtelierError invalid_request, unsupported_content */
export function readCall(options: LanguageModelV4CallOptions): ReadCall {
  const atelier = readAtelier(options);
  const warnings: SharedV4Warning[] = [];
  const choice = options.toolChoice ?? { type: 'auto' };
  const offered = choice.type === 'none' ? [] : functionTools(options, warnings);
  const usable = choice.type === 'tool' ? offered.filter((tool) => tool.name === choice.toolName) : offered;
  if (choice.type === 'tool' && usable.length === 0) {
    throw new AtelierError(
      'invalid_request',
      `The tool "${choice.toolName}" is to be called and is not among the tools.`,
      {
        data: { asked: choice.toolName, tools: offered.map((tool) => tool.name) },
      },
    );
  }
  const forced = choice.type === 'tool' || choice.type === 'required';
  if (forced && usable.length === 0) {
    throw new AtelierError('invalid_request', 'A tool call is required and no tool was given.');
  }
  const schema =
    options.responseFormat?.type === 'json'
      ? ((options.responseFormat.schema as Schema | undefined) ?? null)
      : null;
  const prompt = readPrompt(options, atelier, usable);
  return {
    prompt,
    atelier,
    warnings,
    tools: new Set(usable.map((tool) => tool.name)),
    schema: forced ? null : schema,
    spec: {
      prompt,
      sampling: {
        temperature: options.temperature ?? defaultSampling.temperature,
        topP: options.topP ?? defaultSampling.topP,
        topK: options.topK ?? defaultSampling.topK,
        minP: atelier.minP ?? defaultSampling.minP,
        repeatPenalty: atelier.repeatPenalty ?? defaultSampling.repeatPenalty,
        presencePenalty: options.presencePenalty ?? 0,
        frequencyPenalty: options.frequencyPenalty ?? 0,
        seed: seedOf(options.seed),
        logitBias: Object.entries(atelier.logitBias ?? {}).map(
          ([token, bias]) => [Number(token), bias] as const,
        ),
      },
      maxOutputTokens: options.maxOutputTokens ?? null,
      stop: (options.stopSequences ?? []).filter((stop) => stop !== ''),
      grammar: atelier.choices
        ? choicesGrammar(plainChoices(options, atelier.choices))
        : grammarFor(options, usable, forced, warnings),
      topLogprobs: atelier.logprobs === true ? (atelier.topLogprobs ?? 0) : null,
      ...(atelier.restAt === undefined ? {} : { restAt: atelier.restAt }),
      echo: atelier.echo === true,
      showControlTokens: usable.length > 0,
    },
  };
}

function readAtelier(options: LanguageModelV4CallOptions): AtelierOptions {
  const read = atelierOptionsSchema.safeParse(options.providerOptions?.atelier ?? {});
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new AtelierError(
    'invalid_request',
    `providerOptions.atelier.${issue?.path.join('.')}: ${issue?.message}`,
    {
      data: { issues: read.error.issues },
    },
  );
}

/** llama.cpp's seeds have 32 bits; any other integer is folded into them. */
function seedOf(seed: number | undefined): number {
  if (seed === undefined) return Math.floor(Math.random() * 2 ** 32);
  return Number(BigInt.asUintN(32, BigInt(Math.trunc(seed))));
}

function functionTools(
  options: LanguageModelV4CallOptions,
  warnings: SharedV4Warning[],
): LanguageModelV4FunctionTool[] {
  const tools: LanguageModelV4FunctionTool[] = [];
  for (const tool of options.tools ?? []) {
    if (tool.type === 'function') tools.push(tool);
    else
      warnings.push({
        type: 'unsupported',
        feature: `provider tool ${tool.id}`,
        details: 'A local model calls function tools only.',
      });
  }
  return tools;
}

function plainChoices(options: LanguageModelV4CallOptions, choices: readonly string[]): readonly string[] {
  if (options.responseFormat?.type !== 'json' && !options.tools?.length) return choices;
  throw new AtelierError(
    'invalid_request',
    'providerOptions.atelier.choices cannot be joined with tools or a JSON response format; leave one of them out.',
  );
}

function grammarFor(
  options: LanguageModelV4CallOptions,
  tools: LanguageModelV4FunctionTool[],
  forced: boolean,
  warnings: SharedV4Warning[],
): string | null {
  const format = options.responseFormat;
  const json = format?.type === 'json';
  if (!forced && !json) return null;
  const calls: Schema[] = tools.map((tool) => ({
    type: 'object',
    properties: { name: { const: tool.name }, arguments: tool.inputSchema },
    required: ['name', 'arguments'],
    // References of a tool's schema are meant from its own root.
    ...(hasDefinitions(tool.inputSchema)
      ? { $defs: tool.inputSchema.$defs, definitions: tool.inputSchema.definitions }
      : {}),
  })) as Schema[];
  const answer = json ? ((format.schema as Schema | undefined) ?? null) : null;
  if (!forced && tools.length === 0 && answer === null) return anyJsonGrammar;
  const { grammar, unsupported } = forced
    ? alternativesGrammar(calls)
    : tools.length === 0 && answer !== null
      ? schemaGrammar(answer)
      : alternativesGrammar([...calls, answer ?? { type: 'object' }]);
  for (const keyword of unsupported) {
    warnings.push({
      type: 'unsupported',
      feature: `JSON schema keyword ${keyword}`,
      details: 'The grammar does not enforce it; the finished answer is checked against it.',
    });
  }
  return grammar;
}

function hasDefinitions(schema: unknown): schema is { $defs?: unknown; definitions?: unknown } {
  return typeof schema === 'object' && schema !== null && ('$defs' in schema || 'definitions' in schema);
}
