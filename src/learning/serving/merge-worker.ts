// The thread in which a merged file is written, so that minutes of arithmetic hold up no request. One order, and it ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorBody, toAtelierError } from '../../contracts/errors.ts';
import type { MergeOrder } from './merge-in-worker.ts';
import { writeMerged } from './write-merged.ts';

const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through merge-in-worker.ts.');

const { trained, path, quantisation } = workerData as MergeOrder;
const error: ErrorBody | null = await writeMerged(trained, path, quantisation).then(
  () => null,
  (thrown) => toAtelierError(thrown).toJSON(),
);
port.postMessage({ error });
