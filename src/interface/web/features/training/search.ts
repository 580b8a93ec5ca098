// What the addresses of training may ask for: an order that is half made, or a run to begin again from.
import { type Aim, aims } from './lib/aims.ts';

export interface NewTrainingSearch {
  aim?: Aim;
  dataset?: string;
  version?: number;
  base?: string;
  /** A run whose settings are taken. */
  from?: string;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;

export function readNewTrainingSearch(search: Record<string, unknown>): NewTrainingSearch {
  const aim = aims.find((one) => one === search.aim);
  const dataset = text(search.dataset);
  const version = Number(search.version);
  const base = text(search.base);
  const from = text(search.from);
  return {
    ...(aim ? { aim } : {}),
    ...(dataset ? { dataset } : {}),
    ...(Number.isInteger(version) && version > 0 ? { version } : {}),
    ...(base ? { base } : {}),
    ...(from ? { from } : {}),
  };
}
