// What the engine knows of a model before it is loaded, read from its file's header.
import { AtelierError, type ErrorBody, toAtelierError } from '../../contracts/errors.ts';
import { GgufError, type GgufHeader, readGgufHeader } from '../../lib/gguf.ts';
import type { InstalledModel } from '../library.ts';

export interface LocalModelFacts {
  /** Tokens that prompt and answer may have together: as loaded, or as it would be loaded now; null: unreadable. */
  contextLength: number | null;
  /** Whether its chat template knows tools. */
  tools: boolean;
  /** Why its file cannot be read. */
  error: ErrorBody | null;
}

export interface ChatTemplates {
  chat: string | null;
  /** A template for calls with tools, where the file has one of its own. */
  tools: string | null;
}

/** @throws AtelierError model_failed, which says what is wrong with the file */
export async function readModelHeader(model: InstalledModel): Promise<GgufHeader> {
  try {
    return await readGgufHeader(model.path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AtelierError('model_failed', `The model ${model.id} cannot be loaded: ${reason}`, {
      data: {
        model: model.id,
        path: model.path,
        reason,
        ...(error instanceof GgufError ? error.data : {}),
      },
      cause: error,
    });
  }
}

export function chatTemplates(header: GgufHeader): ChatTemplates {
  const text = (name: string) => {
    const value = header.metadata.get(name);
    return typeof value === 'string' ? value : null;
  };
  return { chat: text('tokenizer.chat_template'), tools: text('tokenizer.chat_template.tool_use') };
}

/** `contextFor` says how much context the model would get. */
export async function readModelFacts(
  model: InstalledModel,
  contextFor: (header: GgufHeader) => number,
): Promise<LocalModelFacts> {
  try {
    const header = await readModelHeader(model);
    const { chat, tools } = chatTemplates(header);
    const knowsTools = [chat, tools].some((template) => template !== null && /\btools\b/.test(template));
    return { contextLength: contextFor(header), tools: knowsTools, error: null };
  } catch (error) {
    return { contextLength: null, tools: false, error: toAtelierError(error).toJSON() };
  }
}
