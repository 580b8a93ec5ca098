// Text that somebody else wrote, inside a prompt: fenced, so that nothing in it can pass for what stands around it.

/** A fence that no run of backticks in the text can close. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`;
}

const LONGEST_TITLE = 120;

/** A title is a document's own word too, and stands outside the fence: it may not begin lines of its own. */
export const oneLine = (title: string): string =>
  title
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TITLE);
