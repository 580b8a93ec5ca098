// The code in what a model wrote, and the words around it.

export function codeIn(text: string, language: string): { code: string; rest: string } {
  const blocks = [
    ...text.matchAll(/^[ \t]*(`{3,}|~{3,})([^\n`]*)\n([\s\S]*?)(?:^[ \t]*\1[ \t]*$|(?![\s\S]))/gm),
  ];
  if (blocks.length === 0) return { code: text.trim(), rest: '' };
  const named = blocks.filter((block) => sameLanguage(block[2] ?? '', language));
  const usable =
    named.length > 0
      ? named
      : blocks.filter((block) => !/^\s*(bash|sh|shell|text|console|output|json)\b/i.test(block[2] ?? ''));
  // The longest: a small model adds examples of use in blocks of their own.
  const chosen = (usable.length > 0 ? usable : blocks).reduce((a, b) =>
    (b[3] ?? '').length > (a[3] ?? '').length ? b : a,
  );
  const rest = blocks
    .reduce((left, block) => left.replace(block[0], ''), text)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { code: (chosen[3] ?? '').trimEnd(), rest };
}

function sameLanguage(info: string, language: string): boolean {
  const [name = ''] = info.trim().toLowerCase().split(/\s/);
  const wanted = language.trim().toLowerCase();
  const short: Record<string, string> = { javascript: 'js', typescript: 'ts', python: 'py' };
  return name !== '' && (name === wanted || name === short[wanted] || short[name] === wanted);
}
