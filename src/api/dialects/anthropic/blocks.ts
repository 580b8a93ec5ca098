// Reads the contract's stream as Anthropic's blocks: one is open at a time, numbered from 0. The streamed and the plain
// answer are both made of these events.
import type {
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { AtelierError, toAtelierError } from '../../../contracts/errors.ts';
import { signatureOf } from './signature.ts';

export type Block =
  | { type: 'text'; text: string; citations: null }
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'redacted_thinking'; data: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown; caller: { type: 'direct' } };

export type BlockDelta =
  | { type: 'text_delta'; text: string }
  | { type: 'thinking_delta'; thinking: string }
  | { type: 'signature_delta'; signature: string }
  | { type: 'input_json_delta'; partial_json: string };

type Finish = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

export type BlockEvent =
  | { type: 'start'; index: number; block: Block }
  | { type: 'delta'; index: number; delta: BlockDelta }
  | { type: 'stop'; index: number }
  | { type: 'finish'; finish: Finish; usage: LanguageModelV4Usage; calledTools: boolean };

export interface ReadBlocksOptions {
  /** Calls of tools after the first are left out: the client asked for one at most. */
  oneTool?: boolean;
}

interface Open {
  kind: 'text' | 'thinking' | 'tool_use';
  id: string;
  index: number;
  thinking: string;
  signature: string | null;
}

function anthropicField(metadata: SharedV4ProviderMetadata | undefined, name: string): string | null {
  const value = metadata?.anthropic?.[name];
  return typeof value === 'string' ? value : null;
}

const toolBlock = (id: string, name: string): Block => ({
  type: 'tool_use',
  id,
  name,
  input: {},
  caller: { type: 'direct' },
});

/** The blocks as they come; a tool's input that begins while another one is open is written whole when that is closed. */
function createBlockWriter() {
  let open: Open | null = null;
  let next = 0;
  let waiting: { id: string; name: string; input: string }[] = [];

  function start(kind: Open['kind'], id: string, block: Block): BlockEvent[] {
    const events = close();
    open = { kind, id, index: next++, thinking: '', signature: null };
    events.push({ type: 'start', index: open.index, block });
    return events;
  }

  function whole(block: Block, delta: BlockDelta | null): BlockEvent[] {
    const index = next++;
    const events: BlockEvent[] = [{ type: 'start', index, block }];
    if (delta !== null) events.push({ type: 'delta', index, delta });
    events.push({ type: 'stop', index });
    return events;
  }

  function close(): BlockEvent[] {
    if (open === null) return [];
    const { index, kind, thinking, signature } = open;
    open = null;
    const events: BlockEvent[] = [];
    if (kind === 'thinking') {
      const signed = signature ?? signatureOf(thinking);
      events.push({ type: 'delta', index, delta: { type: 'signature_delta', signature: signed } });
    }
    events.push({ type: 'stop', index });
    const calls = waiting;
    waiting = [];
    for (const { id, name, input } of calls)
      events.push(...whole(toolBlock(id, name), { type: 'input_json_delta', partial_json: input }));
    return events;
  }

  const isOpen = (kind: Open['kind'], id?: string) =>
    open !== null && open.kind === kind && (id === undefined || open.id === id);

  return {
    close,
    isOpen,
    text(id: string, text: string): BlockEvent[] {
      if (text === '') return [];
      const events = isOpen('text', id) ? [] : start('text', id, { type: 'text', text: '', citations: null });
      events.push({ type: 'delta', index: next - 1, delta: { type: 'text_delta', text } });
      return events;
    },
    thinking(id: string, thinking: string, signature: string | null): BlockEvent[] {
      if (thinking === '' && signature === null) return [];
      const block: Block = { type: 'thinking', thinking: '', signature: '' };
      const events = isOpen('thinking', id) ? [] : start('thinking', id, block);
      if (open !== null) {
        open.thinking += thinking;
        open.signature = signature ?? open.signature;
      }
      if (thinking !== '')
        events.push({ type: 'delta', index: next - 1, delta: { type: 'thinking_delta', thinking } });
      return events;
    },
    redacted: (data: string): BlockEvent[] => [
      ...close(),
      ...whole({ type: 'redacted_thinking', data }, null),
    ],
    tool: (id: string, name: string) => start('tool_use', id, toolBlock(id, name)),
    toolInput: (text: string): BlockEvent[] => [
      { type: 'delta', index: next - 1, delta: { type: 'input_json_delta', partial_json: text } },
    ],
    toolWhole(id: string, name: string, input: string): BlockEvent[] {
      if (isOpen('tool_use')) {
        waiting.push({ id, name, input });
        return [];
      }
      const delta: BlockDelta = { type: 'input_json_delta', partial_json: input };
      return [...close(), ...whole(toolBlock(id, name), delta)];
    },
  };
}

/** @throws AtelierError what the stream carried as an error; provider_failed when it ended without an end */
export async function* readBlocks(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  { oneTool = false }: ReadBlocksOptions = {},
): AsyncGenerator<BlockEvent> {
  const writer = createBlockWriter();
  const calls = new Set<string>();
  /** Calls whose input was written as it came. */
  const streamed = new Set<string>();
  const refused = (id: string) => oneTool && calls.size > 0 && !calls.has(id);

  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        yield* writer.text(part.id, part.delta);
        break;
      case 'reasoning-start': {
        const data = anthropicField(part.providerMetadata, 'redactedData');
        if (data !== null) yield* writer.redacted(data);
        break;
      }
      case 'reasoning-delta':
        yield* writer.thinking(part.id, part.delta, anthropicField(part.providerMetadata, 'signature'));
        break;
      case 'reasoning-end':
        yield* writer.thinking(part.id, '', anthropicField(part.providerMetadata, 'signature'));
        if (writer.isOpen('thinking', part.id)) yield* writer.close();
        break;
      case 'text-end':
        if (writer.isOpen('text', part.id)) yield* writer.close();
        break;
      case 'tool-input-start':
        if (part.providerExecuted || refused(part.id)) break;
        calls.add(part.id);
        if (!writer.isOpen('tool_use')) yield* writer.tool(part.id, part.toolName);
        break;
      case 'tool-input-delta':
        if (!writer.isOpen('tool_use', part.id) || part.delta === '') break;
        streamed.add(part.id);
        yield* writer.toolInput(part.delta);
        break;
      case 'tool-call': {
        const { toolCallId: id, toolName, input, providerExecuted } = part;
        if (providerExecuted || refused(id)) break;
        calls.add(id);
        if (writer.isOpen('tool_use', id)) {
          if (!streamed.has(id) && input !== '') yield* writer.toolInput(input);
          yield* writer.close();
        } else yield* writer.toolWhole(id, toolName, input);
        break;
      }
      case 'finish': {
        const { unified, raw } = part.finishReason;
        if (unified === 'error' || unified === 'interrupted') {
          throw new AtelierError(
            'provider_failed',
            `The model's answer ended early (${raw ?? unified}) and may be incomplete. Try again.`,
            { retryable: true, data: { finishReason: unified } },
          );
        }
        yield* writer.close();
        yield { type: 'finish', finish: part, usage: part.usage, calledTools: calls.size > 0 };
        return;
      }
      case 'error':
        throw toAtelierError(part.error);
      default:
        break;
    }
  }
  throw new AtelierError('provider_failed', 'The model stopped without ending its answer. Try again.', {
    retryable: true,
  });
}
