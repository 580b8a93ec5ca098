import { expect, test } from 'vitest';
import { reportCsv } from './report-csv.ts';

test('faults are rows with their line and reason; no cell is a formula', () => {
  const csv = reportCsv(
    [
      { line: 3, code: 'wrong_role', message: 'Role "robot", expected system, user or assistant' },
      { line: null, code: 'empty', message: '=1+1' },
    ],
    ({ code }) => `because ${code}`,
  );
  expect(csv.split('\r\n')).toEqual([
    '\ufeffline,code,reason,detail',
    '3,wrong_role,because wrong_role,"Role ""robot"", expected system, user or assistant"',
    ",empty,because empty,'=1+1",
    '',
  ]);
});
