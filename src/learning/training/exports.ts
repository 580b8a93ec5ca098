// What a run has exported before a tuned model stands for it: files under the run's name, and perhaps that name itself.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TunedRegistrar } from '../serving/export-port.ts';
import type { BaseModels } from './base-model.ts';
import type { RunRows } from './run-rows.ts';

interface ExportPorts {
  dataDir: string;
  rows: Pick<RunRows, 'tuned'>;
  bases: Pick<BaseModels, 'describe'>;
  registrar: TunedRegistrar;
}

/** Where the files of a tuned model stay. */
export const exportFolder = (dataDir: string, name: string) => join(dataDir, 'tuned', name);

/** Whether local/{name} answers from there and no tuned model stands for it: a run stopped between both. */
export async function isHalfRegistered(
  { dataDir, rows, bases }: Omit<ExportPorts, 'registrar'>,
  name: string,
): Promise<boolean> {
  if ((await rows.tuned(name)) !== null) return false;
  const path = await bases.describe(`local/${name}`).then(
    (facts) => facts.path,
    () => null,
  );
  return path !== null && dirname(path) === exportFolder(dataDir, name);
}

/** Nothing where a tuned model has the name. */
export async function removeExports(ports: ExportPorts, name: string): Promise<void> {
  if ((await ports.rows.tuned(name)) !== null) return;
  if (await isHalfRegistered(ports, name)) await ports.registrar.unregister(name);
  await rm(exportFolder(ports.dataDir, name), { recursive: true, force: true });
}
