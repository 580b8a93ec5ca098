// Models write formulas between $…$, \(…\), \[…\] and $$…$$. All become $$…$$, the one form that the Markdown plugin takes;
// amounts of money and code stay as they are.

/** Does the text hold something that looks like a formula? Decides whether the formula code is fetched at all. */
export function hasMath(text: string): boolean {
  return unifyMath(text).includes('$$');
}

const code = /(`+)[\s\S]*?\1/g;

export function unifyMath(text: string): string {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return text;
  let out = '';
  let from = 0;
  for (const match of text.matchAll(code)) {
    out += unifyProse(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return out + unifyProse(text.slice(from));
}

function unifyProse(text: string): string {
  return (
    text
      .replace(/\\\[([\s\S]+?)\\\]/g, (_, body: string) => `\n$$\n${body.trim()}\n$$\n`)
      .replace(/\\\(([\s\S]+?)\\\)/g, (_, body: string) => `$$${body.trim()}$$`)
      // Pandoc's rule: no space inside the dollars, no digit after the second one, so "$5 and $6" is money.
      .replace(
        /(^|[^\\$])\$(?!\s|\$)([^$\n]*?[^\s$\\])\$(?![\d$])/g,
        (whole, before: string, body: string) => (isAmount(body) ? whole : `${before}$$${body}$$`),
      )
  );
}

/** "5–10" between two dollar signs is a price range rather than a formula. */
function isAmount(body: string): boolean {
  return /^\d[\d.,\s]*[-–/]?$/.test(body);
}
