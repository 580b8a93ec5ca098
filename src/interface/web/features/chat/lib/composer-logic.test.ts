import { describe, expect, test } from 'vitest';
import { plain, sentencesAfter } from './announce.ts';
import { isRefusal, MAX_ATTACHMENT_BYTES, partsToSend, readAttachment } from './attachments.ts';
import { dayGroupOf, withHeadings } from './days.ts';
import { emptyDraft, keepDraft, readDraft } from './drafts.ts';
import { presetOf, presets, withPreset } from './presets.ts';

describe('attachments', () => {
  test('a text file is sent whole, before the question', async () => {
    const read = await readAttachment(new File(['a\nb'], 'notes.md', { type: 'text/markdown' }));
    if (isRefusal(read)) throw new Error(read.reason);
    expect(partsToSend('What is it?', [read])).toEqual([
      { type: 'file', name: 'notes.md', mediaType: 'text/markdown', text: 'a\nb' },
      { type: 'text', text: 'What is it?' },
    ]);
    expect(partsToSend('  ', [read])).toHaveLength(1);
  });

  test.each([
    ['too-large', new File([new Uint8Array(MAX_ATTACHMENT_BYTES + 1).fill(65)], 'x.txt')],
    ['binary', new File([Uint8Array.from([0, 1, 2])], 'x.bin')],
    ['empty', new File([], 'x.txt')],
  ])('%s is refused with that reason', async (reason, file) => {
    expect(await readAttachment(file)).toEqual({ name: file.name, reason });
  });
});

describe('presets', () => {
  test('a preset replaces the sampling and keeps length, seed and stop', () => {
    const own = { temperature: 1.9, topK: 3, seed: 7, maxOutputTokens: 50, stopSequences: ['END'] };
    const next = withPreset(own, 'code');
    expect(next).toEqual({ ...presets.code, seed: 7, maxOutputTokens: 50, stopSequences: ['END'] });
    expect(presetOf(next)).toBe('code');
    expect(presetOf(own)).toBeNull();
    expect(presetOf({})).toBeNull();
  });
});

describe('days', () => {
  const now = new Date(2026, 10, 20, 0, 30).getTime();
  test('the calendar decides, not the hours', () => {
    expect(dayGroupOf(new Date(2026, 10, 20, 0, 1).getTime(), now).kind).toBe('today');
    expect(dayGroupOf(new Date(2026, 10, 19, 23, 59).getTime(), now).kind).toBe('yesterday');
    expect(dayGroupOf(new Date(2026, 10, 15, 12).getTime(), now)).toEqual({
      kind: 'day',
      at: new Date(2026, 10, 15).getTime(),
    });
    expect(dayGroupOf(new Date(2026, 9, 31, 12).getTime(), now)).toEqual({
      kind: 'month',
      at: new Date(2026, 9, 1).getTime(),
    });
  });

  test('each group has one heading', () => {
    const items = [0, 1, 30, 31].map((hours) => ({ updatedAt: now - hours * 3_600_000 }));
    expect(withHeadings(items, now).map((row) => (row.kind === 'item' ? '-' : row.group.kind))).toEqual([
      'today',
      '-',
      'yesterday',
      '-',
      'day',
      '-',
      '-',
    ]);
  });
});

describe('announcing', () => {
  test('only whole sentences, without Markdown signs', () => {
    const text = '## Title\n\nThe **capital** is [Paris](https://x). It has';
    const first = sentencesAfter(text, 0);
    expect(first.spoken).toBe('Title The capital is Paris.');
    expect(sentencesAfter(text, first.upTo).spoken).toBe('');
    expect(sentencesAfter(`${text} 2.1 million. `, first.upTo).spoken).toBe('It has 2.1 million.');
  });
  test('a table is read by its cells', () => {
    expect(plain('| a | b |\n|---|---|\n| 1 | 2 |')).toBe('a b 1 2');
  });
});

describe('drafts', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  test('one a conversation, gone when emptied, harmless when broken', () => {
    keepDraft(storage, 'c', { ...emptyDraft, text: 'half a thought' });
    expect(readDraft(storage, 'c').text).toBe('half a thought');
    expect(readDraft(storage, null)).toEqual(emptyDraft);
    keepDraft(storage, 'c', emptyDraft);
    expect(kept.size).toBe(0);
    kept.set('atelier.draft.c', '{broken');
    expect(readDraft(storage, 'c')).toEqual(emptyDraft);
  });
});
