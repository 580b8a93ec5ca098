// The code assistant: writes, explains and repairs code. JavaScript runs in the sandbox against the given tests, and is
// repaired up to three times; every attempt is told. Other languages are written and not run, which is said.

import { z } from 'zod';
import { noticeOf } from '../../contracts/notice.ts';
import type { BuiltinParts } from '../builtin-parts.ts';
import { type AppTask, defineApp } from '../define-app.ts';
import { noteIfCut, type Question } from '../parts/ask-model.ts';
import { languageOf, promptLanguage } from '../parts/text-language.ts';
import { writeIn } from '../parts/write-in.ts';
import { codeIn } from './code-in.ts';
import { runTests } from './run-tests.ts';

const inputSchema = z
  .object({
    task: z
      .enum(['generate', 'explain', 'fix'])
      .default('generate')
      .describe('Write code, explain it, or repair it'),
    language: z
      .string()
      .min(1)
      .max(40)
      .default('javascript')
      .describe('Programming language; only JavaScript is run'),
    request: z.string().max(20_000).default('').describe('What the code is to do, or what you want to know'),
    code: z.string().max(100_000).default('').describe('The code to explain, to repair or to complete'),
    error: z.string().max(20_000).default('').describe('What goes wrong: a message, a wrong result'),
    tests: z
      .string()
      .max(50_000)
      .default('')
      .describe('JavaScript that throws when the code is wrong (assert, console.assert, expect)'),
    answerIn: z
      .enum(['auto', 'en', 'fr'])
      .default('auto')
      .describe('Language of explanations; auto: that of the request'),
  })
  .superRefine(({ task, request, code }, context) => {
    if (task === 'generate' && request.trim() === '' && code.trim() === '')
      context.addIssue({ code: 'custom', path: ['request'], message: 'say what the code is to do' });
    if (task !== 'generate' && code.trim() === '')
      context.addIssue({ code: 'custom', path: ['code'], message: `there is no code to ${task}` });
  });
type Input = z.infer<typeof inputSchema>;

const attemptSchema = z.object({
  code: z.string(),
  passed: z.boolean().nullable().describe('null: it was not run against tests'),
  error: z.string().nullable().describe('What the run said'),
  console: z.string().describe('What the program printed'),
});
type Attempt = z.infer<typeof attemptSchema>;

const outputSchema = z.object({
  code: z.string().nullable().describe('The last attempt; null for an explanation'),
  explanation: z.string().describe('What the model said about it'),
  language: z.string(),
  ran: z.boolean().describe('Whether the code was run here'),
  passed: z.boolean().nullable().describe('Whether the tests passed; null without tests'),
  attempts: z.array(attemptSchema).describe('Every attempt, in order'),
});
type Output = z.infer<typeof outputSchema>;

const REPAIRS = 3;
const CODE_TOKENS = 1200;
const EXPLAIN_TOKENS = 700;

const isJavaScript = (language: string) => /^(javascript|js|ecmascript|node(\.?js)?)$/i.test(language.trim());

export function coderApp({ asker, sandbox }: BuiltinParts) {
  const answerLanguage = (input: Input) =>
    promptLanguage(
      input.answerIn === 'auto' ? (languageOf(input.request) ?? languageOf(input.code)) : input.answerIn,
    );

  async function stream(task: AppTask, question: Question, language: string | null): Promise<string> {
    const writing = writeIn(asker, task, question, language);
    for (;;) {
      const next = await writing.next();
      if (next.done) {
        noteIfCut(task, next.value, question.maxOutputTokens ?? null);
        return next.value.text;
      }
      task.emit({ type: 'text-delta', delta: next.value });
    }
  }

  async function explain(input: Input, task: AppTask): Promise<Output> {
    const french = answerLanguage(input) === 'fr';
    const question =
      input.request.trim() ||
      (french
        ? 'Explique ce que fait ce code, étape par étape.'
        : 'Explain what this code does, step by step.');
    const error = input.error.trim() === '' ? '' : `\n\n${french ? 'Erreur' : 'Error'} :\n${input.error}`;
    const explanation = await stream(
      task,
      {
        name: 'explain',
        system: french
          ? 'Tu expliques du code en français, avec précision et brièvement, en citant les noms du code.'
          : 'You explain code in English, precisely and briefly, quoting the names in it.',
        prompt: `${fenced(input.code, input.language)}${error}\n\n${question}`,
        temperature: 0.2,
        maxOutputTokens: EXPLAIN_TOKENS,
      },
      french ? 'fr' : 'en',
    );
    return {
      code: null,
      explanation: explanation.trim(),
      language: input.language,
      ran: false,
      passed: null,
      attempts: [],
    };
  }

  function firstPrompt(input: Input): string {
    const parts = [
      input.request.trim(),
      input.code.trim() === ''
        ? ''
        : `${input.task === 'fix' ? 'This code is wrong:' : 'Complete this code; write it out whole:'}\n${fenced(input.code, input.language)}`,
      input.error.trim() === '' ? '' : `What goes wrong:\n${input.error.trim()}`,
      input.tests.trim() === ''
        ? ''
        : `It must pass these tests, which you do not repeat:\n${fenced(input.tests, input.language)}`,
      `Write the whole ${input.task === 'fix' ? 'corrected ' : ''}code in one \`\`\`${input.language} block.`,
    ];
    return parts.filter((part) => part !== '').join('\n\n');
  }

  async function write(input: Input, task: AppTask): Promise<Output> {
    const runs = isJavaScript(input.language);
    const hasTests = input.tests.trim() !== '';
    const french = answerLanguage(input) === 'fr';
    const system = `You are an expert programmer. You write correct, complete, readable ${input.language} code, without tests or examples of use. Comments and explanations are in ${french ? 'French' : 'English'}.`;
    const prompt = firstPrompt(input);
    if (!runs)
      task.emit({
        type: 'note',
        ...noticeOf(
          'code_not_run',
          `Code in ${input.language} is written and not run: only JavaScript runs here.`,
          { name: input.language },
        ),
      });
    const attempts: Attempt[] = [];
    let explanation = '';
    const output = (): Output => {
      const last = attempts.at(-1);
      return {
        code: last?.code ?? null,
        explanation,
        language: input.language,
        ran: runs,
        passed: hasTests && runs ? (last?.passed ?? false) : null,
        attempts: [...attempts],
      };
    };
    for (let round = 0; round <= REPAIRS; round++) {
      task.emit({ type: 'status', step: round === 0 ? 'writing' : 'repairing', done: round, total: REPAIRS });
      const last = attempts.at(-1);
      const repeats = last !== undefined && attempts.filter(({ code }) => code === last.code).length > 1;
      const text = await stream(
        task,
        {
          name: round === 0 ? input.task : 'repair',
          system,
          prompt:
            last === undefined
              ? prompt
              : repeats
                ? otherWay(prompt, last, input)
                : repair(prompt, last, input),
          temperature: repeats ? 0.9 : round === 0 ? 0 : 0.3,
          seed: round + 1,
          maxOutputTokens: CODE_TOKENS,
        },
        null,
      );
      const found = codeIn(text, input.language);
      explanation = found.rest;
      if (!runs) {
        attempts.push({ code: found.code, passed: null, error: null, console: '' });
        return output();
      }
      task.emit({ type: 'status', step: 'testing', done: round, total: REPAIRS });
      const { passed, isSyntax, error, console } = await runTests(sandbox, {
        code: found.code,
        tests: input.tests,
        signal: task.signal,
      });
      attempts.push({ code: found.code, passed: hasTests ? passed : null, error, console });
      task.emit({ type: 'partial', output: output() });
      if (passed) return output();
      if (!hasTests && !isSyntax) {
        // It may need what only its own place has, such as a page or a file.
        task.emit({
          type: 'note',
          ...noticeOf('code_stopped', `The code was read and stopped in the sandbox: ${error ?? ''}`, {
            error: error ?? '',
          }),
        });
        return output();
      }
      if (round < REPAIRS)
        task.emit({ type: 'text-delta', delta: `\n\n> ${(error ?? '').replaceAll('\n', '\n> ')}\n\n` });
    }
    task.emit({
      type: 'note',
      ...noticeOf('tests_fail', `The tests still fail after ${REPAIRS} repairs.`, { repairs: REPAIRS }),
    });
    return output();
  }

  return defineApp({
    name: 'coder',
    title: { en: 'Code assistant', fr: 'Assistant de code' },
    description: {
      en: 'Writes, explains and repairs code; JavaScript is run against your tests and repaired up to three times.',
      fr: 'Écrit, explique et répare du code ; le JavaScript est exécuté sur vos tests et réparé jusqu’à trois fois.',
    },
    icon: 'code',
    input: inputSchema,
    output: outputSchema,
    streams: true,
    batch: true,
    example: {
      en: {
        task: 'generate',
        request: 'Write a function median(numbers) that returns the median of a list of numbers.',
        tests: 'assert.strictEqual(median([3, 1, 2]), 2);\nassert.strictEqual(median([4, 1, 3, 2]), 2.5);',
      },
      fr: {
        task: 'generate',
        request: 'Écris une fonction sommePairs(nombres) qui renvoie la somme des nombres pairs d’une liste.',
        tests: 'assert.strictEqual(sommePairs([1, 2, 3, 4]), 6);\nassert.strictEqual(sommePairs([]), 0);',
      },
    },
    work: (input, task) => (input.task === 'explain' ? explain(input, task) : write(input, task)),
  });
}

const problemOf = (last: Attempt, input: Input) =>
  `${input.tests.trim() === '' ? 'It does not run' : 'The tests fail'}:\n${last.error ?? ''}`;

function repair(prompt: string, last: Attempt, input: Input): Question['prompt'] {
  return [
    { role: 'user', content: prompt },
    { role: 'assistant', content: fenced(last.code, input.language) },
    {
      role: 'user',
      content: `${problemOf(last, input)}\n\nFind the mistake. Write the whole corrected code in one \`\`\`${input.language} block.`,
    },
  ];
}

/** A model that wrote the same again no longer has it as its own last word. */
const otherWay = (prompt: string, last: Attempt, input: Input): string =>
  `${prompt}\n\nThis is wrong:\n${fenced(last.code, input.language)}\n${problemOf(last, input)}\n\nSolve it in another way.`;

/** A fence that no run of backticks in the code can close. */
function fenced(code: string, language: string): string {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.trimEnd()}\n${fence}`;
}
