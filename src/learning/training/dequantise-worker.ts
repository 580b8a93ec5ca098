// The thread in which a base is dequantised, so that seconds of arithmetic hold up no request. One order, and it ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type ErrorBody, toAtelierError } from '../../contracts/errors.ts';
import { isDiskFull } from '../../lib/disk.ts';
import { type DequantiseOrder, dequantiseBase } from './dequantise-base.ts';

/** What the thread says: how far it is in hundredths, and at last how it ended. */
export type DequantiseSays = { hundredths: number } | { error: ErrorBody | null; isDiskFull: boolean };

const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through dequantise-in-worker.ts.');
const say = (what: DequantiseSays) => port.postMessage(what);

let told = -1;
await dequantiseBase(workerData as DequantiseOrder, (done) => {
  const hundredths = Math.floor(done * 100);
  if (hundredths === told) return;
  told = hundredths;
  say({ hundredths });
}).then(
  () => say({ error: null, isDiskFull: false }),
  (thrown: unknown) => say({ error: toAtelierError(thrown).toJSON(), isDiskFull: isDiskFull(thrown) }),
);
