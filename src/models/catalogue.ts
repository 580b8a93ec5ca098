// The catalogue: models that can be had, read once and checked.
import { z } from 'zod';
import { type CatalogueEntry, catalogueEntrySchema } from '../contracts/catalogue.ts';
import { AtelierError } from '../contracts/errors.ts';
import rows from './catalogue.json' with { type: 'json' };
import { requireSafeName } from './sources/hub.ts';

/** The rows that come with the program. @throws AtelierError internal that names every fault */
export function loadCatalogue(input: unknown = rows): CatalogueEntry[] {
  const parsed = z.array(catalogueEntrySchema).safeParse(input);
  const faults = parsed.success
    ? parsed.data.flatMap(faultsOf)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const entries = parsed.data ?? [];
  const ids = new Set(entries.map((entry) => entry.id));
  if (ids.size < entries.length) faults.push('two rows have the same id');
  if (faults.length > 0)
    throw new AtelierError('internal', `The catalogue of models has faults: ${faults.join(' | ')}`, {
      data: { faults },
    });
  return entries;
}

function faultsOf(entry: CatalogueEntry): string[] {
  const faults: string[] = [];
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(entry.id))
    faults.push(`${entry.id}: an id has lower-case letters, digits, dots and dashes`);
  for (const source of entry.sources) {
    if (source.type === 'hub') requireSafeName(source);
    else if (source.packages.length !== source.members.length)
      faults.push(`${entry.id}: each package needs its member`);
    else if (source.packages.some((name) => !/^[A-Za-z0-9][\w.-]*==[\w.]+$/.test(name)))
      faults.push(`${entry.id}: a package is not pinned`);
  }
  return faults;
}
