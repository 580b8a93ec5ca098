// What is known of remote models beside their provider's list: prices with their source and date, and sizes. The rows
// are data; a model without one has no known price, which is never zero and never guessed.
import { z } from 'zod';
import { AtelierError } from '../../contracts/errors.ts';
import { type Price, priceSchema } from '../../contracts/money.ts';
import { type ProviderKind, providerKinds } from '../../contracts/provider.ts';
import rows from './prices.json' with { type: 'json' };

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const rowSchema = z.object({
  provider: z.enum(providerKinds),
  /** Each also stands for its dated snapshots, such as `-20251001` or `-2025-08-07`, that have no row of their own. */
  models: z.array(z.string().min(1)).min(1),
  contextLength: z.number().int().positive().optional(),
  maxOutputTokens: z.number().int().positive().optional(),
  /** Of several rows of a model the latest that has begun. */
  from: day.optional(),
  input: z.number().int(),
  output: z.number().int(),
  cacheRead: z.number().int().nullable(),
  cacheWrite: z.number().int().nullable(),
  cacheWriteLong: z.number().int().optional(),
  longPrompt: z.record(z.string(), z.number().nullable()).optional(),
  source: z.string().min(1),
  date: day,
});

export interface KnownModel {
  price: Price;
  contextLength: number | null;
  maxOutputTokens: number | null;
}

export interface PriceBook {
  /** Null when no row has it. */
  find(kind: ProviderKind, model: string): KnownModel | null;
  /** Names of a kind that has no list of its own. */
  names(kind: ProviderKind): string[];
}

interface Entry {
  from: string;
  known: KnownModel;
}

const snapshot = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;

/** @throws AtelierError internal that names every fault of the data */
export function createPriceBook(input: unknown = rows, now: () => number = Date.now): PriceBook {
  const entries = read(input);
  const find = (kind: ProviderKind, model: string): KnownModel | null => {
    const today = new Date(now()).toISOString().slice(0, 10);
    for (const name of [model, model.replace(snapshot, '')]) {
      const begun = entries.get(`${kind}/${name}`)?.filter((entry) => entry.from <= today);
      const latest = begun?.at(-1);
      if (latest) return latest.known;
    }
    return null;
  };
  return {
    find,
    names: (kind) =>
      [...entries.keys()].flatMap((key) => (key.startsWith(`${kind}/`) ? [key.slice(kind.length + 1)] : [])),
  };
}

function read(input: unknown): Map<string, Entry[]> {
  const parsed = z.array(rowSchema).safeParse(input);
  const faults = parsed.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const entries = new Map<string, Entry[]>();
  for (const row of parsed.data ?? []) {
    const { provider, models, contextLength, maxOutputTokens, from = '', ...rates } = row;
    const price = priceSchema.safeParse({ kind: 'tokens', ...rates });
    if (!price.success) {
      faults.push(`${provider}/${models[0]}: ${price.error.issues.map((issue) => issue.message).join(', ')}`);
      continue;
    }
    const known = {
      price: price.data,
      contextLength: contextLength ?? null,
      maxOutputTokens: maxOutputTokens ?? null,
    };
    for (const name of models) {
      const key = `${provider}/${name}`;
      const list = entries.get(key) ?? [];
      if (list.some((entry) => entry.from === from)) faults.push(`${key} stands twice`);
      entries.set(
        key,
        [...list, { from, known }].sort((a, b) => a.from.localeCompare(b.from)),
      );
    }
  }
  if (faults.length === 0) return entries;
  throw new AtelierError('internal', `The data file of prices has faults: ${faults.join(' | ')}`, {
    data: { faults },
  });
}
