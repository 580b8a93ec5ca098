// A folder of documents from many programs (README-apps.md beside the benchmark data): each is parsed or refused with the
// right reason. What needs OCR is counted apart.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type ParsedDocument, parsedDocumentSchema, plainText } from '../../contracts/document.ts';
import { isAtelierError } from '../../contracts/errors.ts';
import { createParserPool } from './pool/parser-pool.ts';

interface Expected {
  file: string;
  kind: string;
  should: 'parse' | 'refuse';
  contains: string[];
  not_contains?: string[];
  accept?: string[];
  order?: string[];
  pages?: number;
  rows?: number;
  attachments?: string[];
  needs_ocr?: boolean;
  password?: string;
}

const folder = join(process.env.ATELIER_BENCH_DATA ?? '', 'documents');
const list = join(folder, 'expected.jsonl');
const missing = process.env.ATELIER_BENCH_DATA === undefined || !existsSync(list);
const expected: Expected[] = missing
  ? []
  : readFileSync(list, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

/** Formats of before 2007: refused with the advice to save them anew. */
const old = new Set(['doc', 'xls', 'msg']);

const bare = (text: string) => text.normalize('NFC').replace(/\s+/g, '');

function checkText(
  document: ParsedDocument,
  { contains, not_contains = [], accept, order = [] }: Expected,
): void {
  const text = bare(`${document.title}\n${plainText(document)}`);
  for (const part of contains) expect(text).toContain(bare(part));
  for (const part of not_contains) expect(text).not.toContain(bare(part));
  if (accept) expect(accept.some((part) => text.includes(bare(part)))).toBe(true);
  const places = order.map((part) => text.indexOf(bare(part)));
  expect(places).toEqual([...places].sort((a, b) => a - b));
}

describe.skipIf(missing)('documents of the world (set ATELIER_BENCH_DATA to their folder)', () => {
  const pool = createParserPool({ processes: 1 });
  afterAll(() => pool.close());
  const parse = (file: string) => pool.parse({ name: file, path: join(folder, file) });

  test('are all named in their list', () => {
    expect(expected.length).toBeGreaterThan(100);
  });

  const read = expected.filter((one) => one.should === 'parse' && !one.needs_ocr && !old.has(one.kind));

  test.each(read)('$file is read', async (one) => {
    const document = await parse(one.file);
    parsedDocumentSchema.parse(document);
    checkText(document, one);
    if (one.pages !== undefined) expect(document.pageCount).toBe(one.pages);
    if (one.rows !== undefined)
      expect(document.blocks.flatMap(({ text }) => text.split('\n'))).toHaveLength(one.rows);
    for (const name of one.attachments ?? []) expect(plainText(document)).toContain(name);
    const text = plainText(document);
    for (const block of document.blocks) {
      expect(text.slice(block.start, block.end)).toBe(block.text);
      for (const box of block.boxes ?? [])
        expect(block.start <= box.start && box.end <= block.end).toBe(true);
    }
  });

  test.each(expected.filter((one) => one.should === 'refuse'))(
    '$file is refused',
    async ({ file, password }) => {
      const error: unknown = await parse(file).catch((thrown: unknown) => thrown);
      expect(isAtelierError(error) && error.code).toMatch(/^document_/);
      if (password) expect(error).toMatchObject({ code: 'document_encrypted' });
    },
  );

  test.each(expected.filter((one) => old.has(one.kind)))('$file is refused with advice', async ({ file }) => {
    await expect(parse(file)).rejects.toMatchObject({
      code: 'document_unsupported',
      message: expect.stringContaining('save it as'),
    });
  });

  test.each(expected.filter((one) => one.needs_ocr))(
    '$file is told to be a picture',
    async ({ file, kind }) => {
      const parsing = parse(file);
      if (kind === 'image')
        await expect(parsing).rejects.toMatchObject({
          code: 'document_unsupported',
          message: expect.stringContaining('picture'),
        });
      else
        await expect(parsing).resolves.toMatchObject({
          warnings: [{ code: 'pages_not_read' }],
          blocks: [{ type: 'scan' }],
        });
    },
  );
});
