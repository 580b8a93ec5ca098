import { expect, test } from 'vitest';
import { diagramSource } from './diagram-source.ts';

test('an ordinary diagram is drawn as it stands', () => {
  const source = 'flowchart LR\n  A[Call] -- yes --> B{Known?}';
  expect(diagramSource(source)).toEqual({ kind: 'draw', source });
});

test('settings inside a diagram are left out', () => {
  expect(
    diagramSource(
      '---\nconfig:\n  securityLevel: loose\n---\n%%{init: {"securityLevel":"loose"}}%%\ngraph TD\n A-->B',
    ),
  ).toEqual({ kind: 'draw', source: 'graph TD\n A-->B' });
});

test.each([
  'graph TD\n A["<img src=https://example.org/x.png>"]-->B',
  'flowchart TD\n A@{ img: "https://example.org/x.png", label: "x" }',
  'graph TD\n A-->B\n style A fill:url(https://example.org/x)',
  'graph TD\n A-->B\n click B "javascript:alert(1)"',
  'graph TD\n A["<a href=x>y</a>"]',
  '%%{init: {}}%%',
])('%s is shown as text', (source) => {
  expect(diagramSource(source)).toEqual({ kind: 'refuse' });
});
