// pdf.js in the browser, its parser in a worker of its own; fetched when the first PDF is opened.
import {
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentProxy,
  type PDFPageProxy,
  type RenderTask,
  TextLayer,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

GlobalWorkerOptions.workerSrc = worker;

export type Pdf = PDFDocumentProxy;

export interface Opening {
  pdf: Promise<Pdf>;
  close: () => void;
}

/** Nothing in a document is run: no scripts, no forms, no links of its own. */
export function openPdf(address: string): Opening {
  const task = getDocument({
    url: address,
    verbosity: 0,
    cMapUrl: '/pdfjs/cmaps/',
    cMapPacked: true,
    standardFontDataUrl: '/pdfjs/standard_fonts/',
    wasmUrl: '/pdfjs/wasm/',
    enableXfa: false,
    stopAtErrors: false,
  });
  return { pdf: task.promise, close: () => void task.destroy() };
}

/** Canvases beyond this many pixels are refused by some browsers. */
const MAX_PIXELS = 16_000_000;

export interface DrawOptions {
  pdf: Pdf;
  /** From 1. */
  page: number;
  /** CSS pixels a point. */
  scale: number;
  canvas: HTMLCanvasElement;
  /** Takes the text, so that it can be selected and read aloud. */
  text: HTMLElement;
}

/** Draws a page; the returned function stops it. `done` rejects when the page cannot be drawn. */
export function drawPage(options: DrawOptions): { done: Promise<void>; stop: () => void } {
  const { pdf, canvas, text, scale } = options;
  let stopped = false;
  let drawing: RenderTask | null = null;
  let layer: TextLayer | null = null;
  let page: PDFPageProxy | null = null;
  const work = async () => {
    page = await pdf.getPage(options.page);
    if (stopped) return;
    const viewport = page.getViewport({ scale });
    const sharp = Math.min(
      Math.max(1, window.devicePixelRatio),
      Math.sqrt(MAX_PIXELS / (viewport.width * viewport.height)),
      3,
    );
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    drawing = page.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] });
    text.replaceChildren();
    text.style.setProperty('--total-scale-factor', String(scale));
    layer = new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport });
    await Promise.all([drawing.promise, layer.render()]);
  };
  return {
    done: work().catch((error: unknown) => {
      if (!stopped) throw error;
    }),
    stop() {
      stopped = true;
      drawing?.cancel();
      layer?.cancel();
    },
  };
}
