// What a translation must not touch: code, addresses, link targets, tags, variables. A model that loses one is asked
// again with placeholders in their places.

const patterns: readonly RegExp[] = [
  /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g,
  /(?<=\]\()[^()\s]+(?:\([^()\s]*\)[^()\s]*)*(?=[)\s])/g,
  /(?<=\]\[)[^\]]+(?=\])/g,
  /\[\^[^\]]+\]/g,
  /https?:\/\/[^\s<>()\]]*[^\s<>()\].,;:!?'"»”]/g,
  /[\w.+-]+@[\w-]+\.[\w.-]*\w/g,
  /<\/?[a-zA-Z][^<>]*>/g,
  /\{\{[^{}]+\}\}|\$\{[^{}]+\}|\{[\w.]+\}|%[sd]|%\([\w.]+\)[sd]/g,
  /\$\$[^$]+\$\$|(?<![\w$])\$(?! )[^$\n]+[^ $]\$(?![\w$])/g,
];

export interface ProtectedSpan {
  start: number;
  end: number;
  text: string;
}

export function protectedSpans(text: string): ProtectedSpan[] {
  const found: ProtectedSpan[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const span = { start: match.index, end: match.index + match[0].length, text: match[0] };
      if (!found.some((other) => span.start < other.end && other.start < span.end)) found.push(span);
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

const placeholder = (index: number) => `{{${index + 1}}}`;

/** The text with a placeholder for each span. */
export function masked(text: string, spans: readonly ProtectedSpan[]): string {
  let result = '';
  let at = 0;
  for (const [index, span] of spans.entries()) {
    result += text.slice(at, span.start) + placeholder(index);
    at = span.end;
  }
  return result + text.slice(at);
}

export function unmasked(text: string, spans: readonly ProtectedSpan[]): string {
  return text.replace(
    /\{\{\s*(\d+)\s*\}\}/g,
    (whole, number: string) => spans[Number(number) - 1]?.text ?? whole,
  );
}
