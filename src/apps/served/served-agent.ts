// An agent behind the face of what is served: a run of its own, read through the run log.
import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { Agents } from '../../agent/agents.ts';
import type { RunLog } from '../../agent/run-log.ts';
import type { Agent } from '../../contracts/agent.ts';
import { AtelierError, errorFromBody } from '../../contracts/errors.ts';
import type { Identity } from '../../contracts/identity.ts';
import { noUsage } from '../../contracts/money.ts';
import type { LoggedEvent, RunEvent } from '../../contracts/run.ts';
import { isPrompt, type Served, type ServedCall, type ServedEvent } from './served.ts';
import { throughServed } from './served-chain.ts';

export interface AgentParts {
  agents: Pick<Agents, 'get' | 'start'>;
  runs: Pick<RunLog, 'watch' | 'cancel'>;
}

/** @throws AtelierError not_found */
export async function servedAgent(parts: AgentParts, who: Identity, name: string): Promise<Served> {
  const agent = await parts.agents.get(who, name);
  return {
    kind: 'agent',
    name: agent.name,
    title: { en: agent.title, fr: agent.title },
    description: { en: agent.description, fr: agent.description },
    inputSchema: null,
    outputSchema: agent.outputSchema,
    textField: null,
    example: null,
    stream: (caller, call) =>
      throughServed(`agents/${agent.name}`, () => runAgent(parts, agent, caller, call)),
  };
}

/** System messages are further instructions of the one who calls. */
function readInput(agent: Agent, input: unknown): { agent: Agent; prompt: LanguageModelV4Prompt } {
  const messages: LanguageModelV4Prompt | null =
    typeof input === 'string'
      ? [{ role: 'user', content: [{ type: 'text', text: input }] }]
      : isPrompt(input)
        ? input
        : null;
  const prompt = messages?.filter((message) => message.role !== 'system') ?? [];
  if (messages === null || prompt.length === 0)
    throw new AtelierError(
      'invalid_request',
      `The agent ${agent.name} takes a text or a list of messages with at least one of a person.`,
      { data: { param: 'input' } },
    );
  const system = messages.flatMap((message) => (message.role === 'system' ? [message.content] : []));
  const instructions = [agent.instructions, ...system].filter((text) => text.trim() !== '').join('\n\n');
  return { agent: { ...agent, instructions }, prompt };
}

async function* runAgent(
  { agents, runs }: AgentParts,
  definition: Agent,
  who: Identity,
  call: ServedCall,
): AsyncGenerator<ServedEvent> {
  const { agent, prompt } = readInput(definition, call.input);
  if (call.signal.aborted) throw new AtelierError('cancelled', 'The call was cancelled.');
  const run = await agents.start(who, {
    agent: { ...agent, maxSteps: Math.min(agent.maxSteps, call.maxSteps ?? agent.maxSteps) },
    prompt,
    knowledge: [],
    source: call.source,
    ...(call.model === undefined ? {} : { model: call.model }),
    ...(call.parent === undefined ? {} : { parent: call.parent }),
  });
  let isOver = false;
  const cancel = () => runs.cancel(run.id, who.userId);
  // The run ends by itself then, and its end is read below.
  const onAbort = () => void cancel().catch(() => {});
  call.signal.addEventListener('abort', onAbort, { once: true });
  if (call.signal.aborted) onAbort();
  try {
    const reader = readRun(agent.outputSchema !== null);
    for await (const { event } of runs.watch(run.id, who.userId, 0) as AsyncIterable<LoggedEvent>) {
      isOver = event.type === 'run-finish';
      yield* reader(event);
    }
    if (!isOver)
      throw new AtelierError('interrupted', `The run ${run.id} ended without its end.`, { retryable: true });
  } finally {
    call.signal.removeEventListener('abort', onAbort);
    if (!isOver) await cancel();
  }
}

type FinishEvent = Extract<RunEvent, { type: 'run-finish' }>;

/** @throws AtelierError when the run ended otherwise than well */
function checkEnd({ status, error }: FinishEvent): void {
  if (status === 'complete') return;
  if (error !== null) throw errorFromBody(error);
  if (status === 'stopped') throw new AtelierError('cancelled', 'The run was stopped.');
  throw new AtelierError('interrupted', 'The run was interrupted before it was done.', { retryable: true });
}

/** Of an agent with a schema the text is JSON on its way, and only the whole counts. */
function readRun(structured: boolean): (event: RunEvent) => Generator<ServedEvent> {
  let written = '';
  let output: unknown;
  /** Blocks of text are paragraphs. */
  let isNewBlock = false;
  const calls = new Map<string, { toolName: string; input: unknown; started: boolean }>();

  function* begin(toolCallId: string): Generator<ServedEvent> {
    const call = calls.get(toolCallId);
    if (call === undefined || call.started) return;
    call.started = true;
    yield { type: 'tool-start', toolCallId, toolName: call.toolName, input: call.input };
  }

  return function* (event) {
    switch (event.type) {
      case 'text-start':
        isNewBlock = written !== '';
        break;
      case 'text-delta': {
        if (structured || event.delta === '') break;
        const delta = isNewBlock ? `\n\n${event.delta}` : event.delta;
        isNewBlock = false;
        written += delta;
        yield { type: 'text-delta', delta };
        break;
      }
      case 'step-start':
      case 'step-finish':
        yield event;
        break;
      case 'tool-call':
        calls.set(event.toolCallId, { toolName: event.toolName, input: event.input, started: false });
        break;
      case 'tool-approval-request': {
        const call = calls.get(event.toolCallId);
        const data = { approvalId: event.approvalId, tool: call?.toolName ?? null, input: call?.input };
        yield { type: 'told', name: 'approval_request', data };
        break;
      }
      case 'tool-approval-response': {
        const call = calls.get(event.toolCallId);
        if (call !== undefined && event.approved) call.input = event.input;
        break;
      }
      case 'tool-start':
        yield* begin(event.toolCallId);
        break;
      case 'tool-result': {
        yield* begin(event.toolCallId);
        const { content, isError } = event.result;
        const text = content.map((part) => (part.type === 'text' ? part.text : `[${part.mediaType}]`));
        yield { type: 'tool-end', toolCallId: event.toolCallId, output: text.join('\n'), isError };
        break;
      }
      case 'plan':
        yield { type: 'told', name: 'plan', data: { items: event.items } };
        break;
      case 'sources':
        yield { type: 'told', name: 'sources', data: { sources: event.sources, verdict: event.verdict } };
        break;
      case 'run-warning': {
        const { type: _, ...notice } = event;
        yield { type: 'told', name: 'note', data: notice };
        break;
      }
      case 'output':
        output = event.output;
        break;
      case 'run-finish': {
        checkEnd(event);
        const { receipt } = event;
        yield { type: 'output', output: structured ? output : written };
        yield {
          type: 'finish',
          receipt: {
            model: receipt?.model ?? '',
            usage: receipt?.usage ?? noUsage,
            traceId: receipt?.traceId ?? '',
            spanId: receipt?.spanId ?? '',
          },
        };
        break;
      }
      default:
        break;
    }
  };
}
