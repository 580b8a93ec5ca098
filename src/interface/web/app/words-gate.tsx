// Holds a page back until its words are there. Home and chat have theirs from the start.
import { type ReactNode, use } from 'react';
import { allWords } from '../i18n/start.ts';

/** Pages under these addresses need no more than the words of the first page. */
const early = new Set(['', 'chat']);

export function WordsGate({ door, children }: { door: string; children: ReactNode }) {
  return early.has(door) ? children : <Waiting>{children}</Waiting>;
}

function Waiting({ children }: { children: ReactNode }) {
  use(allWords());
  return children;
}
