// A tree of elements out of HTML or XML, as small as parsers need it. Entities of a DTD are not expanded, so none can
// blow up; what is nested too deeply is read as if it were not nested.
import { Parser } from 'htmlparser2';

export interface Element {
  name: string;
  attributes: Record<string, string>;
  children: (Element | string)[];
}

const DEEPEST = 400;

/** @param xml names keep their case and nothing is implied; without it, as browsers read HTML */
export function parseMarkup(text: string, { xml }: { xml: boolean }): Element {
  const root: Element = { name: '#root', attributes: {}, children: [] };
  const open: Element[] = [root];
  let skipped = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element: Element = { name, attributes, children: [] };
        if (open.length > DEEPEST) {
          skipped++;
          return;
        }
        open.at(-1)?.children.push(element);
        open.push(element);
      },
      ontext(data) {
        const children = open.at(-1)?.children;
        const last = children?.at(-1);
        if (children && typeof last === 'string') children[children.length - 1] = last + data;
        else children?.push(data);
      },
      onclosetag() {
        if (skipped > 0) skipped--;
        else if (open.length > 1) open.pop();
      },
    },
    { xmlMode: xml, decodeEntities: true },
  );
  parser.end(text);
  return root;
}

/** The name without its namespace prefix: `w:p` is `p`. */
export function localName(element: Element): string {
  return element.name.slice(element.name.indexOf(':') + 1);
}

export function elementsOf(element: Element): Element[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** The first child element with that local name. */
export function child(element: Element | undefined, name: string): Element | undefined {
  return element?.children.find(
    (candidate): candidate is Element => typeof candidate !== 'string' && localName(candidate) === name,
  );
}

/** Every element below with that local name, in document order; does not look inside a match. */
export function* descendants(element: Element, name: string): Generator<Element, undefined> {
  for (const candidate of element.children) {
    if (typeof candidate === 'string') continue;
    if (localName(candidate) === name) yield candidate;
    else yield* descendants(candidate, name);
  }
}

/** An attribute by its local name, whatever its prefix. */
export function attribute(element: Element | undefined, name: string): string | undefined {
  if (!element) return undefined;
  for (const [key, value] of Object.entries(element.attributes))
    if (key === name || key.endsWith(`:${name}`)) return value;
  return undefined;
}

/** All text below. */
export function textOf(element: Element): string {
  return element.children.map((part) => (typeof part === 'string' ? part : textOf(part))).join('');
}
