// The peer of the generation bench: node-llama-cpp and nothing else, in a process with one libuv thread, greedy, on the
// same prompt shape. Reads one JSON line a measurement on stdin and answers with one on stdout.
import { createInterface } from 'node:readline';
import { getLlama, LlamaLogLevel, type Token, TokenBias } from 'node-llama-cpp';

const [modelPath = '', threads = '2', maxStreams = '8'] = process.argv.slice(2);
const llama = await getLlama({
  build: 'never',
  skipDownload: true,
  gpu: false,
  logLevel: LlamaLogLevel.error,
  maxThreads: Number(threads),
});
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({
  sequences: Number(maxStreams),
  contextSize: 1024,
  threads: Number(threads),
  batchSize: 512,
});
const sequences = Array.from({ length: Number(maxStreams) }, () => context.getSequence());

async function write(index: number, prompt: string, wanted: number, banned: number[]): Promise<number> {
  const sequence = sequences[index];
  if (sequence === undefined) return 0;
  await sequence.clearHistory();
  const text = `<|im_start|>user\n${prompt} (${index + 1})<|im_end|>\n<|im_start|>assistant\n`;
  const bias = TokenBias.for(model);
  for (const id of banned) bias.set(id as Token, 'never');
  let written = 0;
  for await (const _ of sequence.evaluate(model.tokenize(text, true), {
    temperature: 0,
    tokenBias: bias,
    yieldEogToken: true,
  })) {
    written++;
    if (written === wanted) break;
  }
  return written;
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const { streams, tokens, prompt, banned } = JSON.parse(line) as {
    streams: number;
    tokens: number;
    prompt: string;
    banned: number[];
  };
  const started = performance.now();
  const counts = await Promise.all(
    Array.from({ length: streams }, (_, index) => write(index, prompt, tokens, banned)),
  );
  const seconds = (performance.now() - started) / 1000;
  const total = counts.reduce((sum, count) => sum + count, 0);
  process.stdout.write(`${JSON.stringify({ tokens: total, seconds, perSecond: total / seconds })}\n`);
}
