// A remark plugin: HTML that a model writes is shown as the text it is, so that nothing of it acts. Only <br> breaks the line.

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

const lineBreak = /^<br\s*\/?>$/i;

export function literalHtml(): (tree: Node) => void {
  return (tree) => replace(tree);
}

function replace(parent: Node): void {
  if (!parent.children) return;
  const inside = parent.type === 'root' ? asParagraph : asText;
  parent.children = parent.children.map((node) => {
    if (node.type === 'html') return inside(node.value ?? '');
    replace(node);
    return node;
  });
}

function asText(value: string): Node {
  return lineBreak.test(value.trim()) ? { type: 'break' } : { type: 'text', value };
}

function asParagraph(value: string): Node {
  return { type: 'paragraph', children: [{ type: 'text', value }] };
}
