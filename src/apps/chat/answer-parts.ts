// The parts of an answer, folded from the events of its run; the same while it is written and after a crash.
import type { MessagePart } from '../../contracts/conversation.ts';
import type { RunEvent } from '../../contracts/run.ts';

export interface AnswerParts {
  add(event: RunEvent): void;
  /** In the order in which the blocks began; empty blocks are left out. */
  parts(): MessagePart[];
}

interface Block {
  type: 'text' | 'reasoning';
  text: string;
}

export function createAnswerParts(): AnswerParts {
  const blocks: Block[] = [];
  const open = new Map<string, Block>();

  function blockOf(type: Block['type'], id: string): Block {
    const key = `${type} ${id}`;
    let block = open.get(key);
    if (block === undefined) {
      block = { type, text: '' };
      open.set(key, block);
      blocks.push(block);
    }
    return block;
  }

  return {
    add(event) {
      if (event.type === 'text-delta') blockOf('text', event.id).text += event.delta;
      else if (event.type === 'reasoning-delta') blockOf('reasoning', event.id).text += event.delta;
      else if (event.type === 'text-end') open.delete(`text ${event.id}`);
      else if (event.type === 'reasoning-end') open.delete(`reasoning ${event.id}`);
    },
    parts: () => blocks.filter(({ text }) => text !== '').map((block) => ({ ...block })),
  };
}
