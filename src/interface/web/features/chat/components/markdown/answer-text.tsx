// An answer's Markdown, block by block: while it grows only the last block is rendered again.
// Until the Markdown code is here (it is fetched on demand), blocks show as plain text.
import { lazy, memo, Suspense, useState } from 'react';
import { type AnswerPiece, createBlockSplitter } from '../../lib/split-blocks.ts';
import { CodeBlock } from './code-block.tsx';
import { loadMarkdown } from './load-markdown.ts';
import './answer.css';

const MarkdownBlock = lazy(async () => ({ default: (await loadMarkdown()).MarkdownBlock }));

export interface AnswerTextProps {
  text: string;
  /** Nothing more comes. */
  finished: boolean;
  /** It ended before it was whole: what is left open in Markdown is closed. */
  cut: boolean;
}

export function AnswerText({ text, finished, cut }: AnswerTextProps) {
  const [split] = useState(createBlockSplitter);
  const pieces = split(text, finished);
  return (
    <div className="answer">
      {pieces.map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces are only ever added at the end
        <Piece key={index} piece={piece} heal={cut && index === pieces.length - 1} />
      ))}
    </div>
  );
}

const Piece = memo(function Piece({ piece, heal }: { piece: AnswerPiece; heal: boolean }) {
  if (piece.kind === 'code')
    return <CodeBlock code={piece.text} language={piece.language} open={piece.open} />;
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap">{piece.text}</p>}>
      <MarkdownBlock text={piece.text} open={piece.open || heal} />
    </Suspense>
  );
});
