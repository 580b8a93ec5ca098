// What the catalogue shows first: what fits, best first; and which of it the program would choose.
import type { CatalogueListing } from '../../../../../contracts/catalogue.ts';

/** Chat models that fit by rank, then other kinds that fit, then what does not fit. */
export function sortListings(listings: readonly CatalogueListing[]): CatalogueListing[] {
  const place = ({ entry, fit }: CatalogueListing) => (fit.fits ? 0 : 2) + (entry.kind === 'chat' ? 0 : 1);
  return [...listings].sort((a, b) => place(a) - place(b) || b.entry.rank - a.entry.rank);
}

/** The best chat model that fits; null when none does. */
export function recommended(listings: readonly CatalogueListing[]): string | null {
  const best = sortListings(listings)[0];
  return best?.fit.fits && best.entry.kind === 'chat' ? best.entry.id : null;
}
