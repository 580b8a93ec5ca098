// Writes small Office files for tests out of their parts.
import { makeZip } from '../../../../test/make-wheel.ts';

const w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';

/** @param body XML of the body; `parts` are further parts by name */
export function makeDocx(body: string, parts: Record<string, string> = {}): Buffer {
  return zipOf({ 'word/document.xml': `<w:document ${w}><w:body>${body}</w:body></w:document>`, ...parts });
}

export const paragraph = (text: string, properties = '') =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}<w:r><w:t>${text}</w:t></w:r></w:p>`;

export const wordPart = (name: string, content: string) => `<w:${name} ${w}>${content}</w:${name}>`;

/** @param sheets XML of the rows of each sheet by its name */
export function makeXlsx(sheets: Record<string, string>, parts: Record<string, string> = {}): Buffer {
  const names = Object.keys(sheets);
  const rows = Object.fromEntries(
    names.map((name, index) => [
      `xl/worksheets/sheet${index + 1}.xml`,
      `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`,
    ]),
  );
  return zipOf({
    'xl/workbook.xml': `<workbook><sheets>${names.map((name, i) => `<sheet name="${name}" r:id="r${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names
      .map(
        (_, i) =>
          `<Relationship Id="r${i + 1}" Type="http://x/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
      )
      .join('')}</Relationships>`,
    ...rows,
    ...parts,
  });
}

export function zipOf(parts: Record<string, string | Buffer>): Buffer {
  return makeZip(Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, Buffer.from(part)])));
}
