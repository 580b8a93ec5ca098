// [1] becomes a mark where the answer has such a source, and stays text everywhere else.
import i18next from 'i18next';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Source } from '../../../../../../contracts/knowledge.ts';
import { TooltipProvider } from '../../../../components/ui/tooltip.tsx';
import { en } from '../../../../i18n/en/index.ts';
import { SourcesContext } from '../sources/sources-context.ts';
import { MarkdownBlock } from './markdown-block.tsx';

// Where a click leads is a matter of the router, which this test has none of.
vi.mock('../sources/use-open-source.ts', () => ({ useOpenSource: () => () => undefined }));

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: 'en', resources: { en } });
});

const source = (number: number) => ({ number, title: `Document ${number}`, context: '', text: '' }) as Source;

function html(text: string, numbers: number[]): string {
  const sources = new Map(numbers.map((number) => [number, source(number)]));
  return renderToStaticMarkup(
    createElement(
      TooltipProvider,
      null,
      createElement(SourcesContext, { value: sources }, createElement(MarkdownBlock, { text, open: false })),
    ),
  );
}
const marks = (page: string) => [...page.matchAll(/aria-label="Source (\d+)/g)].map((match) => match[1]);

test('one number, several in one pair of brackets, and pairs side by side', () => {
  expect(marks(html('A [1], b [2, 3] and c [1][3].', [1, 2, 3]))).toEqual(['1', '2', '3', '1', '3']);
});

test('a number without a source, code, links and plain answers stay as they were written', () => {
  expect(marks(html('A [7].', [1]))).toEqual([]);
  expect(html('A [7].', [1])).toContain('[7]');
  expect(html('A [1, 7].', [1])).toContain('[1, 7]');
  expect(marks(html('`list[1]` and [1](https://example.org)', [1]))).toEqual([]);
  expect(html('An array a[1].', [])).toContain('a[1]');
});
