// Which Mermaid sources are drawn. A diagram may neither fetch anything nor change how it is drawn.

export type DiagramSource = { kind: 'draw'; source: string } | { kind: 'refuse' };

const directive = /%%\{[\s\S]*?\}%%/g;
const frontMatter = /^\s*---\s*\n[\s\S]*?\n---\s*\n/;
/** Markup and properties by which a diagram could name something to fetch or to run. */
const reaching =
  /<\s*(?:img|image|svg|iframe|script|style|link|video|audio|object|embed|a)\b|\bimg\s*:|\burl\s*\(|@import|javascript:/i;

export function diagramSource(text: string): DiagramSource {
  const source = text.replace(frontMatter, '').replace(directive, '').trim();
  return source === '' || reaching.test(source) ? { kind: 'refuse' } : { kind: 'draw', source };
}
