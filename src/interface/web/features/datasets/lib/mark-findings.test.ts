import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../../contracts/dataset.ts';
import { countTypes, markFindings, redacted } from './mark-findings.ts';

const find = (text: string, part: string, type: string): Finding => {
  const start = text.indexOf(part);
  return { type, field: 'text', start, end: start + part.length, text: part, certain: true };
};

describe('personal data in a text', () => {
  const text = 'Write to ada@example.org or 01 23 45 67 89.';
  const email = find(text, 'ada@example.org', 'email');
  const phone = find(text, '01 23 45 67 89', 'phone');

  test('is cut out in the order of the text, whatever the order of the finds', () => {
    const pieces = markFindings(text, [phone, email]);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
    expect(pieces.filter((piece) => piece.findings.length > 0).map((piece) => piece.text)).toEqual([
      'ada@example.org',
      '01 23 45 67 89',
    ]);
  });

  test('that overlaps is one piece, and what lies outside the text is left out', () => {
    const wide = { ...email, start: email.start - 3, end: email.start + 4, type: 'person' };
    const pieces = markFindings(text, [email, wide, { ...phone, start: 400, end: 410 }]);
    const marked = pieces.filter((piece) => piece.findings.length > 0);
    expect(marked.map((piece) => piece.text)).toEqual(['to ada@example.org']);
    expect(marked[0]?.findings.map((one) => one.type)).toEqual(['person', 'email']);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });

  test('is written as its type once it is redacted', () => {
    expect(redacted(text, [email, phone], [email, phone])).toBe('Write to [EMAIL] or [PHONE].');
    expect(redacted(text, [], [email])).toBe(text);
    const other = { ...email, text: 'bob@example.org', field: 'chosen' };
    expect(redacted(text, [email], [other, email])).toBe('Write to [EMAIL_2] or 01 23 45 67 89.');
  });

  test('is counted by type, the commonest first', () => {
    expect(countTypes([phone, email, email])).toEqual([
      { type: 'email', count: 2 },
      { type: 'phone', count: 1 },
    ]);
  });
});
