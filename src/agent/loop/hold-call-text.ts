// Small models write a call of a tool as plain text where an answer is due. Text that may still turn out to be exactly
// such a call is held back until that is decided.
import { type FoundCall, mayBecomeCall, parseCalls } from '../../models/local/tool-calls.ts';

export interface HeldText {
  /** The text that may be shown now. */
  push(delta: string): string;
  /** What was held to the end: calls of known tools, or the rest of the text. */
  end(): { calls: FoundCall[] | null; text: string };
}

export function createHeldText(tools: ReadonlySet<string>): HeldText {
  let held = '';
  let released = tools.size === 0;
  return {
    push(delta) {
      if (released) return delta;
      held += delta;
      if (mayBecomeCall(held)) return '';
      released = true;
      return held;
    },
    end() {
      if (released) return { calls: null, text: '' };
      const calls = parseCalls(held, tools);
      return { calls, text: calls === null ? held : '' };
    },
  };
}
