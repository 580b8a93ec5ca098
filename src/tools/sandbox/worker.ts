// The thread of one sandboxed program: it runs, reports once, and is thrown away.
import { parentPort, workerData } from 'node:worker_threads';
import type { SandboxOutcome, SandboxTask } from './messages.ts';
import { runCode } from './run-code.ts';

const outcome: SandboxOutcome = await runCode(workerData as SandboxTask);
parentPort?.postMessage(outcome);
