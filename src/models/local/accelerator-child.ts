// The program of a short-lived child process: opens llama.cpp's back end as a model would and says on what it computes.
import type { GpuChoice } from './engine-protocol.ts';
import { gpuOption } from './gpu-option.ts';

/** What the child sends: the names of the devices; none means that the processor computes. */
export interface FoundDevices {
  devices: string[];
}

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
const llama = await getLlama({
  gpu: gpuOption[(process.argv[2] ?? 'auto') as GpuChoice],
  build: 'never',
  skipDownload: true,
  progressLogs: false,
  logLevel: LlamaLogLevel.disabled,
});
const found: FoundDevices = { devices: llama.gpu === false ? [] : await llama.getGpuDeviceNames() };
process.send?.(found, () => process.exit(0));
