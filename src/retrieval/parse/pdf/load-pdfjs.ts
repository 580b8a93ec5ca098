// pdf.js as a reader of text: no canvas, no fonts of the machine, its data files beside its code.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type PdfJs = typeof import('pdfjs-dist/legacy/build/pdf.mjs');

let loaded: Promise<PdfJs> | null = null;

export function loadPdfJs(): Promise<PdfJs> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<PdfJs> {
  // It warns on the console that these are missing, although only drawing uses them.
  const scope = globalThis as unknown as Record<string, unknown>;
  for (const name of ['DOMMatrix', 'Path2D', 'ImageData']) scope[name] ??= class {};
  return import('pdfjs-dist/legacy/build/pdf.mjs');
}

/** What every document is opened with. */
export function openOptions(): Record<string, unknown> {
  const folder = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  // Paths, not addresses: it opens them as files.
  const address = (name: string) => `${join(folder, name)}/`;
  return {
    verbosity: 0,
    cMapUrl: address('cmaps'),
    cMapPacked: true,
    standardFontDataUrl: address('standard_fonts'),
    wasmUrl: address('wasm'),
    useSystemFonts: false,
    disableFontFace: true,
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
  };
}
