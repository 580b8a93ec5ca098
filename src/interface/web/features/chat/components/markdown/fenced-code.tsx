// A fence inside a list or a quote, where Markdown found it; fences of their own come from the splitter.
import type { ComponentProps } from 'react';
import { useIsCodeFenceIncomplete } from 'streamdown';
import { CodeBlock } from './code-block.tsx';

interface Node {
  type: string;
  value?: string;
  children?: Node[];
  properties?: Record<string, unknown>;
}

function textOf(node: Node): string {
  return node.value ?? node.children?.map(textOf).join('') ?? '';
}

export function FencedCode(props: ComponentProps<'pre'> & { node?: unknown }) {
  const open = useIsCodeFenceIncomplete();
  const code = (props.node as Node | undefined)?.children?.[0];
  if (!code) return <pre>{props.children}</pre>;
  const classes = code.properties?.className;
  const language = (Array.isArray(classes) ? classes : [])
    .map(String)
    .find((name) => name.startsWith('language-'))
    ?.slice('language-'.length);
  return <CodeBlock code={textOf(code).replace(/\n$/, '')} language={language ?? ''} open={open} />;
}
