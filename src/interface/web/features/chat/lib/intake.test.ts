import { expect, test } from 'vitest';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import type { Task } from '../../../../../contracts/task.ts';
import { documentState, isDocumentName, taskState } from './intake.ts';

test('documents are known by their names, pictures and programs are none', () => {
  expect(['bail.PDF', 'a.docx', 'notes.md', 'all.zip'].every(isDocumentName)).toBe(true);
  expect(['photo.png', 'setup.exe', 'pdf'].some(isDocumentName)).toBe(false);
});

test('a message waits for what is being read, and for nothing that has ended', () => {
  const document = (status: KnowledgeDocument['status']) => ({ status, error: null }) as KnowledgeDocument;
  expect(documentState(undefined, false).state).toBe('working');
  expect(documentState(document('reading'), false).state).toBe('working');
  expect(documentState(document('ready'), false).state).toBe('ready');
  expect(documentState(document('failed'), false).state).toBe('failed');
  expect(documentState(undefined, true).state).toBe('failed');
  const task = (status: Task['status']) => ({ status, error: null }) as Task;
  expect(taskState(undefined, false).state).toBe('working');
  expect(taskState(task('paused'), true).state).toBe('working');
  expect(taskState(task('complete'), true).state).toBe('ready');
  expect(taskState(undefined, true).state).toBe('ready');
});
