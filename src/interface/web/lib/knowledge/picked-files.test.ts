import { expect, test } from 'vitest';
import { isHidden, pickedFrom } from './picked-files.ts';

test('what nobody means to add is known by its name, at any depth', () => {
  expect(
    ['.DS_Store', 'a/.git/config', 'b/Thumbs.db', '~$report.docx', '__MACOSX/a.txt'].filter(isHidden),
  ).toHaveLength(5);
  expect(['report.docx', 'a/b.c/notes.md', 'été/bail.pdf'].filter(isHidden)).toEqual([]);
});

test('a chosen folder keeps its paths', () => {
  const loose = new File(['x'], 'a.txt');
  const inFolder = new File(['x'], 'b.txt');
  Object.defineProperty(inFolder, 'webkitRelativePath', { value: 'docs/fr/b.txt' });
  expect(pickedFrom([loose, inFolder]).map(({ path }) => path)).toEqual(['a.txt', 'docs/fr/b.txt']);
});
