// What every OOXML package says about itself, and which part follows which.
import type { Archive } from '../archive.ts';
import { attribute, child, descendants, textOf } from '../markup.ts';

/** Title and language as its maker wrote them, null where not. */
export function openXmlFacts(archive: Archive): { title: string | null; language: string | null } {
  const properties = child(archive.xml('docProps/core.xml') ?? undefined, 'coreProperties');
  const read = (name: string) => {
    const element = child(properties, name);
    const text = element ? textOf(element).trim() : '';
    return text === '' ? null : text;
  };
  return { title: usefulTitle(read('title')), language: read('language') };
}

/** Programs write names of files and templates into the title. */
export function usefulTitle(title: string | null): string | null {
  if (
    title === null ||
    /^(microsoft word - |untitled|\(?anonymous\)?$|unspecified|sans titre|document\d*$|powerpoint presentation|présentation powerpoint|title$|.*\.(docx?|xlsx?|pptx?|indd|tex|dvi)$)/i.test(
      title,
    )
  )
    return null;
  return title;
}

/** Where the relations of a part lead: id to path inside the package. */
export function relations(archive: Archive, part: string): Map<string, { target: string; type: string }> {
  const slash = part.lastIndexOf('/');
  const folder = part.slice(0, slash + 1);
  const targets = new Map<string, { target: string; type: string }>();
  const root = archive.xml(`${folder}_rels/${part.slice(slash + 1)}.rels`);
  if (!root) return targets;
  for (const relation of descendants(root, 'Relationship')) {
    const id = attribute(relation, 'Id');
    const target = attribute(relation, 'Target');
    if (!id || !target || attribute(relation, 'TargetMode') === 'External') continue;
    const path = target.startsWith('/') ? target.slice(1) : join(folder, target);
    targets.set(id, { target: path, type: attribute(relation, 'Type')?.split('/').at(-1) ?? '' });
  }
  return targets;
}

/** A path inside a package; what points out of it stays at its root. */
function join(folder: string, target: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${target}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
