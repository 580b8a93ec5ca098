import { expect, test } from 'vitest';
import { safeHref } from './safe-link.ts';

test.each(['https://example.org/a?b=c', 'http://127.0.0.1:4242/', 'mailto:a@example.org'])(
  '%s opens',
  (address) => {
    expect(safeHref(address)).toBe(address);
  },
);

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://example.org/1',
  '/settings',
  '//example.org',
  '#top',
  '',
  undefined,
])('%s does not', (address) => {
  expect(safeHref(address)).toBeNull();
});
