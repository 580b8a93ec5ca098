// A model as a provider's own list describes it: what the list does not say is null and may be known from the data file.
import type { Price } from '../../../contracts/money.ts';

export interface ListedModel {
  name: string;
  contextLength: number | null;
  displayName?: string;
  kind?: 'chat' | 'embedding';
  maxOutputTokens?: number | null;
  /** What it reads; absent: not stated. */
  input?: ('text' | 'image')[];
  tools?: boolean;
  /** Where the list itself carries prices. */
  price?: Price;
  parameters?: number;
  quantization?: string;
  sizeBytes?: number;
  /** Entered by a person: it stays when the list does not have it. */
  byHand?: true;
}

/** A guess from the name, where the list does not say. */
export function isEmbeddingName(name: string): boolean {
  return /embed|(^|[/_-])(bge|e5|gte|minilm)([/_-]|$)/i.test(name);
}

export type Row = Record<string, unknown>;
export const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/** The first that is a positive whole number. */
export function firstCount(...stated: unknown[]): number | null {
  const found = stated.find(
    (value): value is number => typeof value === 'number' && Number.isInteger(value) && value > 0,
  );
  return found ?? null;
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** Of modality names as lists write them, in any case. */
export function inputOf(modalities: unknown): ('text' | 'image')[] | undefined {
  if (!Array.isArray(modalities)) return undefined;
  return modalities.some((one) => typeof one === 'string' && one.toLowerCase() === 'image')
    ? ['text', 'image']
    : ['text'];
}
