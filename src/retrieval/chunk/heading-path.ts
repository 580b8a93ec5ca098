// Which headings a block stands under.
import type { Block } from '../../contracts/document.ts';

/** For each block the indices of the headings above it, the highest first; of a heading, those above it. */
export function headingPaths(blocks: readonly Block[]): number[][] {
  const paths: number[][] = [];
  let path: number[] = [];
  blocks.forEach((block, index) => {
    if (block.type !== 'heading') {
      paths.push(path);
      return;
    }
    const level = block.level ?? 1;
    path = path.filter((above) => (blocks[above]?.level ?? 1) < level);
    paths.push(path);
    path = [...path, index];
  });
  return paths;
}

/** Long headings are cut between words: the context is there to say where, not to say what. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most + 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1)).trimEnd()}…`;
}
