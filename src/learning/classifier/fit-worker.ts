// The thread in which a head is fitted, so that minutes of arithmetic hold up no request. It does one order and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { type TrainHeadInput, trainHead } from './train-head.ts';

const port = parentPort;
if (!port) throw new Error('This file is a worker; start it through fit-in-worker.ts.');

const result = trainHead(workerData as TrainHeadInput, (done, total) => port.postMessage({ done, total }));
port.postMessage({ result });
