import { expect, test } from 'vitest';
import { noticeOf, noticesOf, saidOf } from './notice.ts';
import { toolResultSchema } from './tool.ts';

const cut = noticeOf('passages_not_read', '2 passages that fit less were left out.', { cut: 2 });
const own = { message: 'Made smaller.' };

test('what was said is kept once each, as notes and with codes, and read again as it was', () => {
  const said = saidOf([cut, own, cut]);
  expect(said).toEqual({ notes: [cut.message, own.message], notices: [cut, own] });
  expect(noticesOf(said)).toEqual([cut, own]);
  // A tool of somebody else has no codes, and nothing is kept twice for it.
  expect(saidOf([own])).toEqual({ notes: [own.message] });
});

test('notes that were stored before there were codes are read', () => {
  const stored = { content: [], isError: false, data: null, error: null, notes: [cut.message] };
  expect(noticesOf(toolResultSchema.parse(stored))).toEqual([{ message: cut.message }]);
  // A note that came later than its codes is shown too.
  expect(noticesOf({ notes: [cut.message, own.message], notices: [cut] })).toEqual([cut, own]);
});
