// Turns the text of an answer into its parts as it arrives: thinking, text, and calls of tools. Holds back no more
// than what may still become a tag or a call.
import { callTags, type FoundCall, mayBecomeCall, parseCalls } from './tool-calls.ts';

export type AnswerPart =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'call'; call: FoundCall };

export interface AnswerParserOptions {
  /** Names of the tools that may be called; empty: nothing is taken for a call. */
  tools: ReadonlySet<string>;
  /** Whether `<think>` at the beginning means thinking: not under a grammar. */
  thinking: boolean;
  /** The end of the prompt's text; a template may have opened the thinking itself. */
  promptEnd: string;
}

export interface AnswerParser {
  push(text: string): AnswerPart[];
  end(): AnswerPart[];
}

const THINK = '<think>';
const THINK_END = '</think>';

type Mode = 'start' | 'reasoning' | 'begin' | 'text' | 'bare' | { close: string | null; open: string };

export function createAnswerParser({ tools, thinking, promptEnd }: AnswerParserOptions): AnswerParser {
  let held = '';
  let mode: Mode = thinking ? (promptEnd.trimEnd().endsWith(THINK) ? 'reasoning' : 'start') : 'begin';
  const tags = tools.size === 0 ? [] : callTags;
  // White space that belongs to the tags and not to what stands between them; it may still be on its way.
  let trimThought = mode === 'reasoning';
  let trimAnswer = false;
  let afterCall = false;

  const calls = (text: string, raw: string): AnswerPart[] => {
    const found = parseCalls(text, tools);
    // A tag around something that is no call of a known tool stays text: nothing that was written is lost.
    return found === null ? [{ type: 'text', text: raw }] : found.map((call) => ({ type: 'call', call }));
  };

  /** One move of the machine; null when more text is needed. */
  const advance = (): AnswerPart[] | null => {
    if (mode === 'start') {
      const begun = held.trimStart();
      if (begun.startsWith(THINK)) {
        held = begun.slice(THINK.length);
        trimThought = true;
        mode = 'reasoning';
      } else if (begun === '' || THINK.startsWith(begun)) return null;
      else mode = 'begin';
      return [];
    }
    if (mode === 'reasoning') {
      if (trimThought) {
        if (held === '') return null;
        if (held.startsWith('\n')) held = held.slice(1);
        trimThought = false;
      }
      const end = held.indexOf(THINK_END);
      if (end >= 0) {
        const text = held.slice(0, end).replace(/\n$/, '');
        held = held.slice(end + THINK_END.length);
        trimAnswer = true;
        mode = 'begin';
        return text === '' ? [] : [{ type: 'reasoning', text }];
      }
      const text = release([THINK_END, `\n${THINK_END}`]);
      return text === '' ? null : [{ type: 'reasoning', text }];
    }
    if (mode === 'begin') {
      if (trimAnswer) held = held.replace(/^\n+/, '');
      if (trimAnswer && held === '') return null;
      trimAnswer = false;
      if (tools.size === 0) mode = 'text';
      else if (tags.some(({ open }) => held.trimStart().startsWith(open))) mode = 'text';
      else if (held.trim() === '') return null;
      else mode = mayBecomeCall(held) ? 'bare' : 'text';
      return [];
    }
    if (mode === 'bare') {
      if (mayBecomeCall(held)) return null;
      mode = 'text';
      return [];
    }
    if (mode === 'text') {
      for (const { open, close } of tags) {
        const at = held.indexOf(open);
        if (at < 0) continue;
        const before = held.slice(0, at);
        held = held.slice(at + open.length);
        mode = { open, close };
        return before.trim() === '' ? [] : [{ type: 'text', text: before }];
      }
      const text = release(tags.map(({ open }) => open));
      if (afterCall && text.trim() === '') {
        held = text + held;
        return null;
      }
      afterCall = false;
      return text === '' ? null : [{ type: 'text', text }];
    }
    const { open, close } = mode;
    const end = close === null ? -1 : held.indexOf(close);
    if (close === null || end < 0) return null;
    const body = held.slice(0, end);
    held = held.slice(end + close.length);
    mode = 'text';
    const parts = calls(body, `${open}${body}${close}`);
    afterCall = parts.every((part) => part.type === 'call');
    return parts;
  };

  /** Takes from `held` all that cannot be the beginning of one of `ends`. */
  const release = (ends: readonly string[]): string => {
    let keep = 0;
    for (const end of ends) {
      for (let length = Math.min(end.length - 1, held.length); length > keep; length--) {
        if (held.endsWith(end.slice(0, length))) keep = length;
      }
    }
    const text = held.slice(0, held.length - keep);
    held = held.slice(held.length - keep);
    return text;
  };

  const drain = (): AnswerPart[] => {
    const parts: AnswerPart[] = [];
    for (;;) {
      const moved = advance();
      if (moved === null) return parts;
      parts.push(...moved);
    }
  };

  return {
    push(text) {
      held += text;
      return drain();
    },
    end() {
      const parts = drain();
      const rest = held;
      held = '';
      if (mode === 'reasoning') return rest === '' ? parts : [...parts, { type: 'reasoning', text: rest }];
      if (typeof mode === 'object') return [...parts, ...calls(rest, `${mode.open}${rest}`)];
      if (mode === 'bare' || mode === 'begin') {
        const found = rest.trim() === '' ? null : parseCalls(rest, tools);
        if (found !== null) return [...parts, ...found.map((call) => ({ type: 'call', call }) as const)];
      }
      if (afterCall && rest.trim() === '') return parts;
      return rest === '' ? parts : [...parts, { type: 'text', text: rest }];
    },
  };
}
