// Writes small PDF files for tests: lines of text at given places, in the two standard faces.

export interface PdfLine {
  x: number;
  /** From the bottom of the page, as PDF counts. */
  y: number;
  text: string;
  size?: number;
  bold?: boolean;
}

export interface PdfPage {
  lines: PdfLine[];
  rotate?: 0 | 90 | 180 | 270;
  /** A picture that fills the page. */
  picture?: boolean;
  /** Put before the lines, as it is. */
  content?: Buffer;
}

export const PAGE = { width: 595, height: 842 };

/** @param filter the name of the filter that `content` is packed with */
export function makePdf(
  pages: readonly PdfPage[],
  { title, filter }: { title?: string; filter?: string } = {},
): Buffer {
  const objects: (string | Buffer)[] = [];
  const add = (object: string | Buffer) => objects.push(object);
  const kids = pages.map((_, index) => `${6 + 2 * index} 0 R`).join(' ');
  add('<< /Type /Catalog /Pages 2 0 R >>');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>');
  add(
    stream(
      '/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8',
      Buffer.alloc(16, 99),
    ),
  );
  pages.forEach((page, index) => {
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Rotate ${page.rotate ?? 0} ` +
        `/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im 5 0 R >> >> /Contents ${7 + 2 * index} 0 R >>`,
    );
    const picture = page.picture ? `q ${PAGE.width} 0 0 ${PAGE.height} 0 0 cm /Im Do Q\n` : '';
    const lines = page.lines.map(
      ({ x, y, text, size = 10, bold = false }) =>
        `BT /${bold ? 'F2' : 'F1'} ${size} Tf 1 0 0 1 ${x} ${y} Tm <${latin(text).toString('hex')}> Tj ET`,
    );
    const content = page.content ?? Buffer.from(picture + lines.join('\n'), 'latin1');
    add(stream(page.content && filter ? `/Filter /${filter}` : '', content));
  });
  add(
    `<< /Title <feff${Buffer.from(title ?? '', 'utf16le')
      .swap16()
      .toString('hex')}> >>`,
  );
  return assemble(objects);
}

/** The code page of the standard fonts, as far as French needs it. */
function latin(text: string): Buffer {
  const special: Record<string, number> = { '€': 0x80, '’': 0x92, œ: 0x9c, '—': 0x97, '•': 0x95 };
  return Buffer.from([...text].map((letter) => special[letter] ?? letter.charCodeAt(0)));
}

function stream(entries: string, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${entries} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);
}

function assemble(objects: readonly (string | Buffer)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let at = parts[0]?.length ?? 0;
  objects.forEach((object, index) => {
    offsets.push(at);
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      Buffer.from(object),
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    at += part.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const trailer = `<< /Size ${count} /Root 1 0 R /Info ${objects.length} 0 R >>`;
  parts.push(
    Buffer.from(
      `xref\n0 ${count}\n0000000000 65535 f \n${rows}trailer\n${trailer}\nstartxref\n${at}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
