// Files that a folder or an archive holds and that did not become documents: all are counted, the first are named.

export interface Skipped {
  note(name: string, reason: string): void;
  result(): { skipped: number; skippedFiles: { name: string; reason: string }[] };
}

const NAMED = 100;

export function createSkipped(): Skipped {
  const skippedFiles: { name: string; reason: string }[] = [];
  let skipped = 0;
  return {
    note(name, reason) {
      skipped++;
      if (skippedFiles.length < NAMED) skippedFiles.push({ name, reason });
    },
    result: () => ({ skipped, skippedFiles }),
  };
}
