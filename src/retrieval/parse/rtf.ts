// Rich Text Format: control words off, text kept, tables as rows. Source: Rich Text Format Specification 1.9.1.
import type { ParsedDocument } from '../../contracts/document.ts';
import { encodingName } from './decode-text.ts';
import { createDocumentBuilder, type DocumentBuilder } from './document-builder.ts';
import { broken, type ParseInput } from './parser.ts';

/** Groups that hold no text of the document. */
const skippedGroups = new Set(
  (
    'fonttbl colortbl stylesheet info pict object themedata colorschememapping latentstyles datastore generator listtable ' +
    'listoverridetable rsidtbl xmlnstbl mmathPr fldinst bkmkstart bkmkend pgdsctbl nonshppict shppict filetbl revtbl header footer ' +
    'headerl headerr footerl footerr headerf footerf'
  ).split(' '),
);

const signs: Record<string, string> = {
  tab: '\t',
  line: '\n',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  endash: '–',
  emdash: '—',
  emspace: ' ',
  enspace: ' ',
  '~': ' ',
  _: '-',
};

/** Character sets of fonts, by the number in \fcharset. */
const charsets: Record<number, string> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gb18030',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};

interface Group {
  skip: boolean;
  /** How many characters stand in for one \u. */
  fallback: number;
  encoding: string;
  note: boolean;
}

export function parseRtf(input: ParseInput): ParsedDocument {
  const source = Buffer.from(input.bytes).toString('latin1');
  if (!source.startsWith('{\\rtf')) throw broken(input.name, 'it does not begin as RTF does');
  const builder = createDocumentBuilder(input);
  const writer = createWriter(builder);
  const fonts = readFonts(source);
  const page = Number(/\\ansicpg(\d+)/.exec(source)?.[1] ?? 1252);
  const encoding = encodingName(`windows-${page}`) ?? encodingName(`cp${page}`) ?? 'windows-1252';
  let group: Group = { skip: false, fallback: 1, encoding, note: false };
  const open: Group[] = [];
  let pending: number[] = [];
  let toSkip = 0;
  const flush = () => {
    if (pending.length > 0 && !group.skip)
      writer.write(new TextDecoder(group.encoding).decode(Uint8Array.from(pending)), group.note);
    pending = [];
  };
  const token = /\\([a-zA-Z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\([\s\S])|([{}])|[\r\n]+|([^\\{}\r\n]+)/g;
  for (const [, word, argument, hex, symbol, brace, text] of source.matchAll(token)) {
    if (hex !== undefined) {
      if (toSkip > 0) toSkip--;
      else pending.push(Number.parseInt(hex, 16));
      continue;
    }
    if (text !== undefined) {
      const rest = text.slice(Math.min(toSkip, text.length));
      toSkip -= text.length - rest.length;
      for (const character of rest) pending.push(character.charCodeAt(0));
      continue;
    }
    flush();
    if (brace === '{') open.push({ ...group });
    else if (brace === '}') {
      if (group.note && !open.at(-1)?.note) writer.endNote();
      group = open.pop() ?? group;
      toSkip = 0;
    } else if (symbol !== undefined) {
      if (symbol === '*') group.skip = true;
      else if ('\\{}'.includes(symbol) && !group.skip) writer.write(symbol, group.note);
      else if (signs[symbol] !== undefined && !group.skip) writer.write(signs[symbol], group.note);
    } else if (word !== undefined) {
      const value = argument === undefined ? null : Number(argument);
      if (skippedGroups.has(word)) group.skip = true;
      else if (word === 'uc') group.fallback = value ?? 1;
      else if (word === 'bin') toSkip = value ?? 0;
      else if (word === 'f' && value !== null) group.encoding = fonts.get(value) ?? encoding;
      else if (group.skip) continue;
      else if (word === 'u' && value !== null) {
        writer.write(String.fromCharCode(value < 0 ? value + 65_536 : value), group.note);
        toSkip = group.fallback;
      } else if (word === 'footnote') group.note = true;
      else if (signs[word] !== undefined) writer.write(signs[word], group.note);
      else writer.control(word, value, group.note);
    }
  }
  flush();
  writer.end();
  const title = /\{\\title ([^{}\\]+)\}/.exec(source)?.[1];
  return builder.finish({ title });
}

function readFonts(source: string): Map<number, string> {
  const fonts = new Map<number, string>();
  const table = source.slice(0, 200_000);
  for (const [, font, charset] of table.matchAll(/\\f(\d+)(?:\\[a-z]+\d*|\{[^{}]*\}|\s)*?\\fcharset(\d+)/g)) {
    const encoding = charsets[Number(charset)];
    if (encoding) fonts.set(Number(font), encoding);
  }
  return fonts;
}

interface Writer {
  write(text: string, note: boolean): void;
  control(word: string, value: number | null, note: boolean): void;
  endNote(): void;
  end(): void;
}

/** The mark of an item stands in the text, before it. */
const listItem = /^\s*(?:[·•▪o]|\d{1,3}[.)])\s/;

function createWriter(builder: DocumentBuilder): Writer {
  let text = '';
  let note = '';
  let level: number | null = null;
  let list = false;
  let inTable = false;
  let cells: string[] = [];
  let rows: string[][] = [];
  const notes: string[] = [];
  const flushTable = () => {
    if (rows.length > 0) builder.addTable(rows);
    rows = [];
  };
  const flushNotes = () => {
    for (const one of notes.splice(0)) builder.add({ type: 'note', text: one });
  };
  const paragraph = () => {
    if (text.trim() !== '') flushTable();
    if (level !== null) builder.add({ type: 'heading', text, level: level + 1 });
    else builder.add({ type: list || listItem.test(text) ? 'list' : 'paragraph', text });
    text = '';
    flushNotes();
  };
  return {
    write(part, isNote) {
      if (isNote) note += part;
      else text += part;
    },
    control(word, value, isNote) {
      switch (word) {
        case 'par':
        case 'page':
        case 'sect':
          if (isNote) note += '\n';
          else if (inTable) text += '\n';
          else paragraph();
          break;
        case 'pard':
          level = null;
          list = false;
          inTable = false;
          break;
        case 'intbl':
          inTable = true;
          break;
        case 'outlinelevel':
          level = value !== null && value < 9 ? value : null;
          break;
        case 'ls':
          list = true;
          break;
        case 'cell':
          cells.push(text);
          text = '';
          break;
        case 'row':
          rows.push(cells);
          cells = [];
          inTable = false;
      }
    },
    endNote() {
      notes.push(note);
      note = '';
    },
    end() {
      if (cells.length > 0) rows.push(cells);
      cells = [];
      paragraph();
      flushTable();
    },
  };
}
