// A remark plugin: [1] and [1, 3] in the text of an answer become citation marks. Inside code and links they stay text.

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  data?: { hName: string; hProperties: Record<string, string> };
}

const citation = /\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]/g;
const closed = new Set(['link', 'linkReference', 'inlineCode', 'code', 'math', 'inlineMath']);

export function citations(): (tree: Node) => void {
  return (tree) => mark(tree);
}

function mark(parent: Node): void {
  if (!parent.children || closed.has(parent.type)) return;
  parent.children = parent.children.flatMap((node) => {
    if (node.type === 'text') return cut(node.value ?? '');
    mark(node);
    return [node];
  });
}

function cut(text: string): Node[] {
  const pieces: Node[] = [];
  let from = 0;
  for (const match of text.matchAll(citation)) {
    // The mark belongs to the word before it: no line ends between them.
    const before = text.slice(from, match.index).replace(/ $/, '\u202f');
    if (before !== '') pieces.push({ type: 'text', value: before });
    pieces.push({
      type: 'citation',
      data: { hName: 'cite', hProperties: { 'data-numbers': match[1] ?? '' } },
      children: [{ type: 'text', value: match[0] }],
    });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ type: 'text', value: text.slice(from) });
  return pieces;
}
