// `auto`: the catalogue's chat models as a ladder for this machine, best first, with the reason in words.
import type { CatalogueEntry, CatalogueListing } from '../contracts/catalogue.ts';
import { AtelierError, type ErrorBody } from '../contracts/errors.ts';
import type { Machine } from './machine.ts';

export interface Ladder {
  /** To be tried in this order. */
  rungs: CatalogueEntry[];
  /** Why the first rung is the first, in English. */
  reason: string;
}

/** Without an accelerator a larger model writes more slowly than one reads. */
const CPU_PARAMETERS = 4.2e9;
const SPARE_DISK = 64 << 20;

/** A model that is larger than this machine's memory may be had all the same; its task then carries this. */
export function memoryWarning(name: string, neededBytes: number, { memoryBytes }: Machine): ErrorBody | null {
  if (neededBytes <= memoryBytes) return null;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  return new AtelierError(
    'insufficient_memory',
    `${name} needs about ${gigabytes(neededBytes)} of memory and this machine offers ${gigabytes(memoryBytes)}: it may be slow or fail to load. Choose a smaller model.`,
    { data: { neededBytes, availableBytes: memoryBytes } },
  ).toJSON();
}

/** Weights, a conversation of 8,192 tokens, and the engine itself. Rough on purpose, and rather too much than too little. */
export function neededMemory(entry: CatalogueEntry): number {
  return Math.round(fileBytes(entry) * 1.05 + (entry.parameters / 1e9) * 130e6 + 300e6);
}

/** What it takes on the disk. Where nobody states it: 4.9 bits a weight, as Q4_K_M files have. */
function fileBytes(entry: CatalogueEntry): number {
  return entry.sizeBytes ?? Math.round(entry.parameters * (4.9 / 8));
}

export function fitOf(entry: CatalogueEntry, machine: Machine, installed: boolean): CatalogueListing['fit'] {
  const memory = neededMemory(entry);
  if (memory > machine.memoryBytes) {
    return { fits: false, reason: 'memory', neededBytes: memory, availableBytes: machine.memoryBytes };
  }
  const disk = fileBytes(entry) + SPARE_DISK;
  if (!installed && disk > machine.freeDiskBytes) {
    return { fits: false, reason: 'disk', neededBytes: disk, availableBytes: machine.freeDiskBytes };
  }
  if (!machine.accelerated && entry.parameters > CPU_PARAMETERS) {
    return { fits: false, reason: 'compute', neededBytes: memory, availableBytes: machine.memoryBytes };
  }
  return { fits: true, reason: 'ok', neededBytes: memory, availableBytes: machine.memoryBytes };
}

/** Never empty while the catalogue has a chat model: where nothing fits, the smallest is tried, and the reason says so. */
export function climb(catalogue: readonly CatalogueEntry[], machine: Machine): Ladder {
  const chat = catalogue.filter((entry) => entry.kind === 'chat').sort((a, b) => b.rank - a.rank);
  // A full disk is told by the attempt itself, with both figures, and not passed over in silence.
  const rungs = chat.filter((entry) => fitOf(entry, machine, true).fits);
  const gigabytes = (machine.memoryBytes / 1e9).toFixed(1);
  const compute = machine.accelerated ? 'an accelerator' : 'no accelerator, so at most 4 billion parameters';
  const first = rungs[0];
  if (first !== undefined) {
    return {
      rungs,
      reason: `${first.displayName} is the best model of the catalogue for ${gigabytes} GB of usable memory and ${compute}.`,
    };
  }
  const smallest = [...chat].sort((a, b) => neededMemory(a) - neededMemory(b)).slice(0, 1);
  const name = smallest[0]?.displayName ?? 'No model';
  return {
    rungs: smallest,
    reason: `No model of the catalogue fits ${gigabytes} GB of usable memory; ${name} is the smallest.`,
  };
}
