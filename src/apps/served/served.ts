// What other programs are served: an app or an agent behind one face, whatever wire they come over.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Identity } from '../../contracts/identity.ts';
import type { Usage } from '../../contracts/money.ts';
import type { CallContext } from '../../models/model-call.ts';

export interface ServedReceipt {
  model: string;
  usage: Usage;
  traceId: string;
  spanId: string;
}

/** In the order in which it happens; `output` comes last but one, `finish` last. */
export type ServedEvent =
  | { type: 'text-delta'; delta: string }
  | { type: 'step-start'; step: number }
  | { type: 'step-finish'; step: number }
  | { type: 'tool-start'; toolCallId: string; toolName: string; input: unknown }
  | { type: 'tool-end'; toolCallId: string; output: string; isError: boolean }
  /** What only some consumers look at: a plan, sources, a status, an approval that is waited for. */
  | { type: 'told'; name: string; data: unknown }
  | { type: 'output'; output: unknown }
  | { type: 'finish'; receipt: ServedReceipt };

export interface ServedCall {
  /** Of an app: what its schema says, or one text for its first text field. Of an agent: a text, or messages. */
  input: unknown;
  /** In place of the default, or of the agent's own. */
  model?: string;
  /** Fewer steps than the agent itself allows. */
  maxSteps?: number;
  source: string;
  parent?: NonNullable<CallContext['parent']>;
  signal: AbortSignal;
}

export interface Served {
  readonly kind: 'app' | 'agent';
  readonly name: string;
  readonly title: { en: string; fr: string };
  readonly description: { en: string; fr: string };
  /** JSON Schema of an app's input; null for an agent, which takes text or messages. */
  readonly inputSchema: Record<string, unknown> | null;
  /** JSON Schema of the output; null: a text. */
  readonly outputSchema: Record<string, unknown> | null;
  /** Of the output: the field that the streamed text fills; null when the text is the output. */
  readonly textField: string | null;
  readonly example: { en: unknown; fr: unknown } | null;
  /** Cancelled by `signal` and by a consumer that leaves. @throws AtelierError before the first event for what is known then */
  stream(who: Identity, call: ServedCall): AsyncIterable<ServedEvent>;
}

/** The end of a stream. */
export async function collectServed(
  events: AsyncIterable<ServedEvent>,
): Promise<{ output: unknown; receipt: ServedReceipt }> {
  let output: unknown;
  let receipt: ServedReceipt | null = null;
  for await (const event of events) {
    if (event.type === 'output') output = event.output;
    if (event.type === 'finish') receipt = event.receipt;
  }
  if (receipt === null) throw new Error('a served stream ended without its receipt');
  return { output, receipt };
}

export const isPrompt = (value: unknown): value is LanguageModelV4Prompt =>
  Array.isArray(value) &&
  value.every((message) => typeof message === 'object' && message !== null && 'role' in message);
