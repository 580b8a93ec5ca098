// A served run as LangChain tells one: a chain with runs below it (each tool call, each turn of the model), which start,
// stream and end. The stream, the log and the events of LangServe are all made of these steps.
import { randomUUID } from 'node:crypto';
import { restOf } from '../../../apps/served/rest-of.ts';
import type { Served, ServedEvent, ServedReceipt } from '../../../apps/served/served.ts';
import { aiMessage, aiMessageChunk } from './messages.ts';
import { wireField, wireOutput } from './wire-output.ts';

export interface StepRun {
  id: string;
  name: string;
  type: 'chain' | 'tool' | 'chat_model';
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
  /** The root first; empty for the root itself. */
  parentIds: readonly string[];
}

export type Step =
  | { kind: 'start'; run: StepRun; input: unknown }
  | { kind: 'stream'; run: StepRun; chunk: unknown }
  | { kind: 'end'; run: StepRun; input: unknown; output: unknown }
  /** Something beside the output: a plan, sources, an approval that is waited for. */
  | { kind: 'told'; run: StepRun; name: string; data: unknown };

/** What `invoke` gives: a message of a text agent, else the output itself. */
export function wireAnswer(served: Served, runId: string, output: unknown, receipt: ServedReceipt): unknown {
  if (served.kind === 'app' || served.outputSchema !== null) return wireOutput(output);
  const { model, usage } = receipt;
  return aiMessage(String(output ?? ''), { name: served.name, id: `run-${runId}`, model, usage });
}

function isDict(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Chunks that, joined as LangChain joins them, are the output. */
function chunksOf(served: Served, runId: string) {
  const about = { name: served.name, id: `run-${runId}` };
  const isMessage = served.kind === 'agent' && served.outputSchema === null;
  const field = served.textField === null ? null : wireField(served.textField, served.outputSchema);
  const toChunk = (delta: string) =>
    isMessage ? aiMessageChunk(delta, about) : field === null ? delta : { [field]: delta };
  let written = '';
  return {
    text(delta: string): unknown {
      written += delta;
      return toChunk(delta);
    },
    last(output: unknown, { usage, model }: ServedReceipt): unknown[] {
      if (isMessage) {
        const rest = restOf(written, String(output ?? ''));
        return [
          ...(rest === '' ? [] : [aiMessageChunk(rest, about)]),
          aiMessageChunk('', { ...about, usage, model }, true),
        ];
      }
      if (typeof output === 'string') {
        const rest = restOf(written, output);
        return rest === '' && written !== '' ? [] : [rest];
      }
      const whole = wireOutput(output);
      if (written === '' || field === null || !isDict(whole)) return [whole];
      const { [field]: text, ...others } = whole;
      const rest = typeof text === 'string' ? restOf(written, text) : '';
      return [{ ...others, ...(rest === '' ? {} : { [field]: rest }) }];
    },
  };
}

export interface StepsOptions {
  served: Served;
  runId: string;
  input: unknown;
  tags: readonly string[];
  metadata: Readonly<Record<string, unknown>>;
}

export async function* steps(
  events: AsyncIterable<ServedEvent>,
  { served, runId, input, tags, metadata }: StepsOptions,
): AsyncGenerator<Step> {
  const root: StepRun = { id: runId, name: served.name, type: 'chain', tags, metadata, parentIds: [] };
  const child = (name: string, type: StepRun['type'], more: Record<string, unknown> = {}): StepRun => ({
    id: randomUUID(),
    name,
    type,
    tags: [],
    metadata: { ...metadata, ...more },
    parentIds: [runId],
  });
  const chunks = chunksOf(served, runId);
  const tools = new Map<string, { run: StepRun; input: unknown }>();
  const turn: { open: { run: StepRun; text: string; about: { name: string; id: string } } | null } = {
    open: null,
  };
  let isStarted = false;
  let output: unknown;

  function* openModel(): Generator<Step> {
    if (served.kind !== 'agent' || turn.open !== null) return;
    const run = child('model', 'chat_model');
    turn.open = { run, text: '', about: { name: served.name, id: `run-${run.id}` } };
    yield { kind: 'start', run, input };
  }
  function* closeModel(): Generator<Step> {
    if (turn.open === null) return;
    const { run, text, about } = turn.open;
    turn.open = null;
    yield { kind: 'end', run, input, output: aiMessage(text, about) };
  }

  for await (const event of events) {
    if (!isStarted) yield { kind: 'start', run: root, input };
    isStarted = true;
    switch (event.type) {
      case 'step-start':
        yield* openModel();
        break;
      case 'step-finish':
        yield* closeModel();
        break;
      case 'text-delta':
        yield* openModel();
        if (turn.open !== null) {
          turn.open.text += event.delta;
          yield {
            kind: 'stream',
            run: turn.open.run,
            chunk: aiMessageChunk(event.delta, turn.open.about),
          };
        }
        yield { kind: 'stream', run: root, chunk: chunks.text(event.delta) };
        break;
      case 'tool-start': {
        yield* closeModel();
        const run = child(event.toolName, 'tool', { tool_call_id: event.toolCallId });
        tools.set(event.toolCallId, { run, input: event.input });
        yield { kind: 'start', run, input: event.input };
        break;
      }
      case 'tool-end': {
        const tool = tools.get(event.toolCallId);
        if (tool !== undefined) yield { kind: 'end', run: tool.run, input: tool.input, output: event.output };
        break;
      }
      case 'told':
        yield { kind: 'told', run: root, name: event.name, data: wireOutput(event.data) };
        break;
      case 'output':
        yield* closeModel();
        output = event.output;
        break;
      case 'finish':
        for (const chunk of chunks.last(output, event.receipt)) yield { kind: 'stream', run: root, chunk };
        yield {
          kind: 'end',
          run: root,
          input,
          output: wireAnswer(served, runId, output, event.receipt),
        };
        break;
    }
  }
}
