// A migration is written as one text; the stores take one statement at a time.
export const split = (text: string): string[] =>
  text
    .split(';')
    .map((statement) => statement.trim())
    .filter(Boolean);
