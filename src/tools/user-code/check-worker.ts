// The trial of a user's file: it is loaded in a thread that may loop, run out of memory or exit without harm.
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckOutcome, CheckTask } from './check-messages.ts';
import { installResolveHook } from './resolve-hook.ts';

const { url, folderUrl } = workerData as CheckTask;
installResolveHook(folderUrl);
let outcome: CheckOutcome;
try {
  await import(url);
  outcome = { ok: true };
} catch (error) {
  const known = error instanceof Error ? error : new Error(String(error));
  outcome = { ok: false, name: known.name, message: known.message, stack: known.stack ?? '' };
}
parentPort?.postMessage(outcome);
