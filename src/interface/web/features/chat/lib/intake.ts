// What was dropped on the composer and goes to a collection: which files do, and how far their reading is.
import type { ErrorBody } from '../../../../../contracts/errors.ts';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { isOpen } from '../../../lib/task-figures.ts';

/** One document, or the task that reads many. */
export interface Intake {
  kind: 'document' | 'task';
  id: string;
  name: string;
  collectionId: string;
}

export interface IntakeState {
  state: 'working' | 'ready' | 'failed';
  error: ErrorBody | null;
  task: Task | null;
}

/** More documents than these are shown as one. */
export const MOST_CHIPS = 5;

const readable = /\.(pdf|docx|xlsx|pptx|odt|ods|odp|epub|rtf|eml|zip|html?|xhtml|csv|tsv|md|markdown|txt)$/i;

/** Whether a collection can read a file that is no plain text, by its name; the server looks into it. */
export function isDocumentName(name: string): boolean {
  return readable.test(name);
}

export function documentState(document: KnowledgeDocument | undefined, gone: boolean): IntakeState {
  if (gone || document?.status === 'cancelled') return { state: 'failed', error: null, task: null };
  if (document?.status === 'failed') return { state: 'failed', error: document.error, task: null };
  return { state: document?.status === 'ready' ? 'ready' : 'working', error: null, task: null };
}

/** A task that is not in the list of late ones ended long ago. */
export function taskState(task: Task | undefined, known: boolean): IntakeState {
  if (!known || (task && isOpen(task))) return { state: 'working', error: null, task: task ?? null };
  const failed = task?.status === 'failed' || task?.status === 'cancelled';
  return { state: failed ? 'failed' : 'ready', error: task?.error ?? null, task: null };
}
