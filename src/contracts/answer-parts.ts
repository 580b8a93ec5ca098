// An answer in the making: the fold of a run's events into the parts of a message. Pure, so that server, page, second
// tab and a start after a crash come to the same answer.
import type { MessagePart } from './conversation.ts';
import type { RunEvent } from './run.ts';

type PartOf<T extends MessagePart['type']> = Extract<MessagePart, { type: T }>;

export interface WrittenBlock {
  type: 'text' | 'reasoning';
  id: string;
  text: string;
  /** Epoch milliseconds of its start and, once it is whole, of its end. */
  startedAt: number;
  endedAt: number | null;
}

/** In the order in which they began. `step`: the step of an agent that made it; null outside of one. */
export type AnswerBlock = (WrittenBlock | PartOf<'sources'> | PartOf<'plan'> | PartOf<'tool'>) & {
  step: number | null;
};

export const isWritten = (block: AnswerBlock): block is Extract<AnswerBlock, WrittenBlock> =>
  block.type === 'text' || block.type === 'reasoning';

export interface AnswerState {
  blocks: readonly AnswerBlock[];
  step: number | null;
}

export const emptyAnswer: AnswerState = { blocks: [], step: null };

/** Leaves the state itself where an event adds nothing. `at`: when it was logged. */
export function foldAnswer(state: AnswerState, event: RunEvent, at: number): AnswerState {
  switch (event.type) {
    case 'text-start':
      return openBlock(state, 'text', event.id, at);
    case 'reasoning-start':
      return openBlock(state, 'reasoning', event.id, at);
    case 'text-delta':
      return write(state, 'text', event.id, event.delta, at);
    case 'reasoning-delta':
      return write(state, 'reasoning', event.id, event.delta, at);
    case 'text-end':
      return endBlock(state, 'text', event.id, at);
    case 'reasoning-end':
      return endBlock(state, 'reasoning', event.id, at);
    case 'step-start':
      // A step that is taken anew replaces what was seen of it.
      return {
        step: event.step,
        blocks: state.blocks.filter(({ step }) => step === null || step < event.step),
      };
    case 'step-finish':
      return { ...state, step: null };
    case 'plan':
      return put(state, { type: 'plan', items: event.items, step: null });
    case 'sources':
      return put(state, { type: 'sources', sources: event.sources, verdict: event.verdict, step: null });
    case 'tool-call': {
      const { toolCallId, toolName, title, effect, input } = event;
      const rest = { toolName, title, effect, input, approval: null, result: null, step: state.step };
      return put(state, { type: 'tool', toolCallId, ...rest });
    }
    case 'tool-approval-request': {
      const { approvalId: id, rule, problem } = event;
      const approval = { id, rule, problem, decision: null, reason: null };
      return changeTool(state, event.toolCallId, (tool) => ({ ...tool, approval }));
    }
    case 'tool-approval-response': {
      const { approved, input, reason } = event;
      return changeTool(state, event.toolCallId, (tool) => ({
        ...tool,
        input,
        approval: tool.approval && { ...tool.approval, decision: approved ? 'yes' : 'no', reason },
      }));
    }
    case 'tool-result':
      return changeTool(state, event.toolCallId, (tool) => ({ ...tool, result: event.result }));
    case 'run-finish':
      return {
        ...state,
        blocks: state.blocks.map((block) =>
          isWritten(block) && block.endedAt === null ? { ...block, endedAt: at } : block,
        ),
      };
    default:
      return state;
  }
}

/** As a stored message holds them; what is empty is left out. */
export function answerParts({ blocks }: AnswerState): MessagePart[] {
  return blocks.flatMap(partsOf);
}

function partsOf(block: AnswerBlock): MessagePart[] {
  switch (block.type) {
    case 'text':
    case 'reasoning':
      return block.text === '' ? [] : [{ type: block.type, text: block.text }];
    case 'sources': {
      const { sources, verdict } = block;
      return sources.length === 0 && verdict === null ? [] : [{ type: 'sources', sources, verdict }];
    }
    case 'plan':
      return block.items.length === 0 ? [] : [{ type: 'plan', items: block.items }];
    case 'tool': {
      const { step: _step, ...part } = block;
      return [part];
    }
  }
}

function replaced(state: AnswerState, index: number, block: AnswerBlock): AnswerState {
  const blocks = [...state.blocks];
  blocks[index] = block;
  return { ...state, blocks };
}

/** Plan and sources stand once, a call once under its id: the last word counts, at the place of the first. */
function put(state: AnswerState, block: Exclude<AnswerBlock, WrittenBlock>): AnswerState {
  const index = state.blocks.findIndex((one) =>
    block.type === 'tool'
      ? one.type === 'tool' && one.toolCallId === block.toolCallId
      : one.type === block.type,
  );
  return index === -1 ? { ...state, blocks: [...state.blocks, block] } : replaced(state, index, block);
}

function changeTool(
  state: AnswerState,
  toolCallId: string,
  change: (tool: PartOf<'tool'>) => PartOf<'tool'>,
): AnswerState {
  const index = state.blocks.findIndex((one) => one.type === 'tool' && one.toolCallId === toolCallId);
  const block = state.blocks[index];
  return block?.type === 'tool' ? replaced(state, index, { ...change(block), step: block.step }) : state;
}

function openOf(state: AnswerState, type: WrittenBlock['type'], id: string): number {
  return state.blocks.findLastIndex(
    (block) => isWritten(block) && block.type === type && block.id === id && block.endedAt === null,
  );
}

function openBlock(state: AnswerState, type: WrittenBlock['type'], id: string, at: number): AnswerState {
  if (openOf(state, type, id) !== -1) return state;
  const block = { type, id, text: '', startedAt: at, endedAt: null, step: state.step };
  return { ...state, blocks: [...state.blocks, block] };
}

function write(
  state: AnswerState,
  type: WrittenBlock['type'],
  id: string,
  delta: string,
  at: number,
): AnswerState {
  const index = openOf(state, type, id);
  if (index === -1) return write(openBlock(state, type, id, at), type, id, delta, at);
  const block = state.blocks[index];
  return block !== undefined && isWritten(block)
    ? replaced(state, index, { ...block, text: block.text + delta })
    : state;
}

function endBlock(state: AnswerState, type: WrittenBlock['type'], id: string, at: number): AnswerState {
  const index = openOf(state, type, id);
  const block = state.blocks[index];
  return block !== undefined && isWritten(block) ? replaced(state, index, { ...block, endedAt: at }) : state;
}
