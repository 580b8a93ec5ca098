// Runs JavaScript, with tests if there are some, in the sandbox, and words what happened so that a model can act on it.
import type { Sandbox } from '../../tools/sandbox/create-sandbox.ts';
import { TEST_PRELUDE } from './test-prelude.ts';

export interface TestRun {
  passed: boolean;
  /** The program could not even be read. */
  isSyntax: boolean;
  error: string | null;
  console: string;
}

const LONGEST_CONSOLE = 4000;
const LONGEST_ERROR = 1500;

export async function runTests(
  sandbox: Sandbox,
  {
    code,
    tests,
    signal,
    timeoutMs = 5000,
  }: { code: string; tests: string; signal?: AbortSignal; timeoutMs?: number },
): Promise<TestRun> {
  const program = `${code}\n;\n${tests}\n;undefined;`;
  const outcome = await sandbox.run(`${TEST_PRELUDE} ${program}`, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  const { error } = outcome;
  return {
    passed: outcome.ok,
    isSyntax: error?.name === 'SyntaxError',
    error: error === null ? null : words(error, program).slice(0, LONGEST_ERROR),
    console: outcome.console
      .map(({ text }) => text)
      .join('\n')
      .slice(0, LONGEST_CONSOLE),
  };
}

/** The error with the line of the program where it came up; frames of what stands before the program are left out. */
function words(
  { kind, name, message, stack }: NonNullable<Awaited<ReturnType<Sandbox['run']>>['error']>,
  program: string,
): string {
  if (kind !== 'error') return message;
  const what = `${name}: ${message}`;
  for (const frame of (stack ?? '').matchAll(/code\.js:(\d+)(?::(\d+))?/g)) {
    const line = Number(frame[1]);
    if (line === 1 && Number(frame[2] ?? 0) <= TEST_PRELUDE.length) continue;
    const source = program.split('\n')[line - 1]?.trim();
    if (source) return `${what}\n  at line ${line}: ${source}`;
  }
  return what;
}
