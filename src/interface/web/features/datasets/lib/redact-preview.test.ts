import { expect, test } from 'vitest';
import type { Finding } from '../../../../../contracts/dataset.ts';
import { previewOf } from './redact-preview.ts';

const find = (field: string, text: string, part: string, type: string): Finding => {
  const start = text.indexOf(part);
  return { type, field, start, end: start + part.length, text: part, certain: true };
};

test('a preview is cut around the first find of a type that is replaced', () => {
  const long = `${'x'.repeat(200)} ada@example.org ${'y'.repeat(200)}`;
  const body = {
    kind: 'chat' as const,
    messages: [
      { role: 'user' as const, content: 'Call 01 23 45 67 89' },
      { role: 'assistant' as const, content: long },
    ],
  };
  const findings = [
    find('messages.0', 'Call 01 23 45 67 89', '01 23 45 67 89', 'phone'),
    find('messages.1', long, 'ada@example.org', 'email'),
  ];
  expect(previewOf({ body, findings }, ['phone', 'email'])?.after).toBe('Call [PHONE]');
  const email = previewOf({ body, findings }, ['email']);
  expect(email?.after).toMatch(/^…x+ \[EMAIL\] y+…$/);
  const [first] = email?.findings ?? [];
  expect(email?.before.slice(first?.start, first?.end)).toBe('ada@example.org');
  expect(previewOf({ body, findings }, [])).toBeNull();
});
