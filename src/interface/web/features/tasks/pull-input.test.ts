import { expect, test } from 'vitest';
import { pullInputOf } from './pull-input.ts';

test('a download that failed is asked for again as it was asked for', () => {
  const again = (payload: Record<string, unknown>) => pullInputOf({ kind: 'models.download', payload });
  const hub = { repo: 'owner/name', file: 'quants/model.gguf', revision: 'main' };
  expect(again({ id: 'model', hub })).toEqual(hub);
  expect(again({ id: 'my-folder', folder: '/models/my-folder' })).toEqual({ path: '/models/my-folder' });
  expect(again({ id: 'auto' })).toEqual({ id: 'auto' });
  expect(pullInputOf({ kind: 'knowledge.ingest', payload: { id: 'x' } })).toBeNull();
});
