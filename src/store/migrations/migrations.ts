// Every change of the tables, in order. A number that was released is never edited: add the next one.
import type { Store } from '../store.ts';
import { spine } from './0001-spine.ts';
import { knowledge } from './0002-knowledge.ts';
import { agents } from './0003-agents.ts';
import { fileBatches } from './0004-file-batches.ts';
import { oneDoor } from './0005-one-door.ts';
import { accounts } from './0006-accounts.ts';
import { userSettings } from './0007-user-settings.ts';
import { documentPaths } from './0008-document-paths.ts';
import { learning } from './0009-learning.ts';
import { owners } from './0010-owners.ts';

export interface Migration {
  /** Counts up from 1 without gaps. */
  number: number;
  name: string;
  statements(kind: Store['kind']): string[];
}

export const migrations: readonly Migration[] = [
  spine,
  knowledge,
  agents,
  fileBatches,
  oneDoor,
  accounts,
  userSettings,
  documentPaths,
  learning,
  owners,
];
