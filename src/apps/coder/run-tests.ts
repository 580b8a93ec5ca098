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
  const outcome = await sandbox.run(`${TEST_PRELUDE} ${code}\n;\n${tests}\n;undefined;`, {
    timeoutMs,
    ...(signal === undefined ? {} : { signal }),
  });
  const { error } = outcome;
  return {
    passed: outcome.ok,
    isSyntax: error?.name === 'SyntaxError',
    error: error === null ? null : words(error).slice(0, LONGEST_ERROR),
    console: outcome.console
      .map(({ text }) => text)
      .join('\n')
      .slice(0, LONGEST_CONSOLE),
  };
}

function words({
  kind,
  name,
  message,
  stack,
}: NonNullable<Awaited<ReturnType<Sandbox['run']>>['error']>): string {
  if (kind !== 'error') return message;
  // The engine's own names for the surrounding program say nothing to anybody.
  const where = stack
    ?.split('\n')
    .filter((line) => !/prelude|<eval>|native/.test(line))
    .slice(0, 3)
    .join('\n');
  return where ? `${name}: ${message}\n${where}` : `${name}: ${message}`;
}
