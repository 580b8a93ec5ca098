// The shapes of files that each kind of dataset reads and writes.
import type { DatasetKind } from '../../../../../contracts/dataset.ts';

export const fileShapes = [
  'openai',
  'openai-preference',
  'sharegpt',
  'alpaca',
  'prompt-completion',
  'prompt-preference',
  'csv',
  'labels',
] as const;
export type FileShape = (typeof fileShapes)[number];

export const shapesOf: Record<DatasetKind, readonly FileShape[]> = {
  chat: ['openai', 'sharegpt', 'alpaca', 'prompt-completion', 'csv'],
  preference: ['openai-preference', 'prompt-preference', 'csv'],
  labels: ['labels', 'csv'],
};

export function exportAddress(datasetId: string, shape: FileShape, version?: number): string {
  const query = new URLSearchParams({
    shape,
    ...(version === undefined ? {} : { version: String(version) }),
  });
  return `/atelier/v1/datasets/${encodeURIComponent(datasetId)}/export?${query}`;
}
