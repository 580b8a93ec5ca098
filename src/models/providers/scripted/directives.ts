// The script language: one directive a line in the last user message, run from the top. Lines that are no directive
// are ignored; a `\n` inside an argument is a line break.
import { AtelierError, type ErrorCode, errorCodes } from '../../../contracts/errors.ts';
import { type LoremLanguage, lorem } from './lorem.ts';
import { hostileSample, markdownSample } from './samples.ts';

export type Step =
  | { type: 'text' | 'reasoning'; text: string }
  | { type: 'tool'; name: string; input: string }
  | { type: 'turn' }
  | { type: 'fail'; error: AtelierError };

export interface Script {
  /** Thrown before the first part. */
  refusal: AtelierError | null;
  steps: Step[];
  /** What is answered to an agent that asks for a plan first. */
  plan: string[];
  delayMs: number;
  /** Before the first token. */
  waitMs: number;
  logprobs: boolean;
  /** Report queue, loading and reading before writing. */
  status: boolean;
  finish: 'stop' | 'length' | 'content-filter' | 'other' | null;
  /** Lines that look like directives and are none. */
  unknown: string[];
}

/** Every directive with an example; the demo answer and the documentation list them from here. */
export const directives = {
  text: '#text Hello',
  reasoning: '#reasoning First I count.',
  tool: '#tool get_weather {"city":"Paris"}',
  step: '#step',
  plan: '#plan Search | Compute | Answer',
  json: '#json {"answer":42}',
  words: '#words 200 fr',
  markdown: '#markdown',
  hostile: '#hostile',
  delay: '#delay 50',
  wait: '#wait 1000',
  status: '#status',
  logprobs: '#logprobs',
  finish: '#finish content-filter',
  error: '#error 429 Slow down',
  'error-mid': '#error-mid The wire was cut',
} as const;
type DirectiveName = keyof typeof directives;

const codeOfStatus: Record<string, ErrorCode> = {
  400: 'provider_rejected',
  401: 'provider_unauthorized',
  403: 'provider_unauthorized',
  404: 'model_not_found',
  413: 'context_overflow',
  422: 'provider_rejected',
  429: 'provider_rate_limited',
  500: 'provider_failed',
  502: 'provider_failed',
  503: 'provider_unreachable',
};
const retryable: readonly ErrorCode[] = ['provider_rate_limited', 'provider_failed', 'provider_unreachable'];

function scriptedError(argument: string, fallback: ErrorCode): AtelierError {
  const [first = '', ...rest] = argument.split(' ');
  const code = first in errorCodes ? (first as ErrorCode) : codeOfStatus[first];
  const message = (code ? rest.join(' ') : argument) || 'The script asked for an error.';
  return new AtelierError(code ?? fallback, message, {
    data: { scripted: true, ...(code === 'provider_rate_limited' ? { retryAfterSeconds: 1 } : {}) },
    retryable: retryable.includes(code ?? fallback),
  });
}

const numberOf = (argument: string, fallback: number) => {
  const value = Number.parseInt(argument, 10);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, 1_000_000) : fallback;
};

const apply: Record<DirectiveName, (script: Script, argument: string, seed: number) => void> = {
  text: (script, argument) => script.steps.push({ type: 'text', text: argument }),
  reasoning: (script, argument) => script.steps.push({ type: 'reasoning', text: argument }),
  tool(script, argument) {
    const [name = '', ...rest] = argument.split(' ');
    script.steps.push({ type: 'tool', name, input: rest.join(' ').trim() || '{}' });
  },
  // `#tool` lines that stand together are called together; this parts them into turns of their own.
  step: (script) => script.steps.push({ type: 'turn' }),
  plan(script, argument) {
    script.plan = argument
      .split('|')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  },
  json: (script, argument) => script.steps.push({ type: 'text', text: argument }),
  words(script, argument, seed) {
    const language: LoremLanguage = /\bfr\b/.test(argument) ? 'fr' : 'en';
    script.steps.push({ type: 'text', text: lorem(numberOf(argument, 100), language, seed) });
  },
  markdown: (script) => script.steps.push({ type: 'text', text: markdownSample }),
  hostile: (script) => script.steps.push({ type: 'text', text: hostileSample }),
  delay(script, argument) {
    script.delayMs = numberOf(argument, 0);
  },
  wait(script, argument) {
    script.waitMs = numberOf(argument, 0);
  },
  status(script) {
    script.status = true;
  },
  logprobs(script) {
    script.logprobs = true;
  },
  finish(script, argument) {
    const known = ['stop', 'length', 'content-filter', 'other'] as const;
    script.finish = known.find((reason) => reason === argument) ?? 'other';
  },
  error(script, argument) {
    script.refusal = scriptedError(argument, 'provider_failed');
  },
  'error-mid': (script, argument) =>
    script.steps.push({ type: 'fail', error: scriptedError(argument, 'provider_failed') }),
};

const line = /^#([a-z][a-z-]*)(?:[ \t]+(.*))?$/;

/** Null when no line of the text is a directive. */
export function readScript(text: string, seed: number): Script | null {
  const script: Script = {
    refusal: null,
    steps: [],
    plan: [],
    delayMs: 0,
    waitMs: 0,
    logprobs: false,
    status: false,
    finish: null,
    unknown: [],
  };
  let found = false;
  for (const [index, row] of text.split(/\r?\n/).entries()) {
    const match = line.exec(row);
    if (!match) continue;
    const name = match[1] ?? '';
    if (!Object.hasOwn(directives, name)) {
      script.unknown.push(row);
      continue;
    }
    found = true;
    const argument =
      name === 'tool' || name === 'json' ? (match[2] ?? '') : (match[2] ?? '').replaceAll('\\n', '\n');
    apply[name as DirectiveName](script, argument.trim(), seed + index);
  }
  return found ? script : null;
}
