// Whether something faster than the processor computes here: asked of llama.cpp in a short-lived child process, because
// the library would stay in the server's memory; remembered for a day.
import { globSync } from 'node:fs';
import type { Log } from '../../lib/log.ts';
import { createMemo } from '../../lib/memo.ts';
import type { FoundDevices } from './accelerator-child.ts';
import type { GpuChoice } from './engine-protocol.ts';
import type { Measurements } from './loaded-models.ts';
import { startChild } from './start-child.ts';

export interface AcceleratorOptions {
  gpu: GpuChoice;
  measurements: Measurements;
  log: Log;
  platform?: NodeJS.Platform;
  /** Whether the machine may have one at all; when not, nothing is started. */
  possible?: () => boolean;
  /** Names of the devices that a model would compute on. */
  devices?: (gpu: GpuChoice) => Promise<string[]>;
  now?: () => number;
}

interface Remembered {
  devices: string[];
  at: number;
}

/** A card or a driver may come. */
const KEPT_MS = 24 * 3_600_000;
const PATIENCE_MS = 20_000;
/** Drivers that compute on the processor and call it a graphics card. */
const software = /llvmpipe|lavapipe|softpipe|swiftshader|software|basic render/i;

export function createAcceleratorFinder(options: AcceleratorOptions): () => Promise<boolean> {
  const { gpu, measurements, log, platform = process.platform, now = Date.now } = options;
  const possible = options.possible ?? (() => platform !== 'linux' || hasLinuxDevice());
  const devices = options.devices ?? askChild;
  const key = `local.accelerator:${gpu}:${platform}-${process.arch}`;

  async function find(): Promise<boolean> {
    if (gpu === 'cpu' || !possible()) return false;
    const before = (await measurements.get(key)) as Remembered | undefined;
    if (before !== undefined && now() - before.at < KEPT_MS) return before.devices.length > 0;
    try {
      const found = (await devices(gpu)).filter((name) => !software.test(name));
      await measurements.set(key, { devices: found, at: now() } satisfies Remembered);
      log.info('looked for an accelerator', { devices: found.join(', ') || 'none' });
      return found.length > 0;
    } catch (error) {
      log.warn('no accelerator can be used; models are chosen for the processor', {
        gpu,
        reason: error instanceof Error ? error.message : String(error),
      });
      return false;
    }
  }
  return createMemo(find, KEPT_MS, now).get;
}

/** Without a device file there is no card that the library could open. */
function hasLinuxDevice(): boolean {
  return globSync(['/dev/nvidia[0-9]*', '/dev/dri/renderD*', '/dev/kfd', '/dev/dxg']).length > 0;
}

function askChild(gpu: GpuChoice): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = startChild('accelerator-child', { args: [gpu] });
    let said = '';
    let devices: string[] | null = null;
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-1000);
    });
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.once('message', (message: FoundDevices) => {
      devices = message.devices;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(patience);
      if (devices !== null) resolve(devices);
      else reject(new Error(said.trim().split('\n').at(-1) || `the probe ended with ${signal ?? code}`));
    });
  });
}
