import { expect, test } from 'vitest';
import type { Dataset } from '../../../../../contracts/dataset.ts';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import type { TrainingRun } from '../../../../../contracts/training.ts';
import type { Promotion } from '../../../../../contracts/tuned-model.ts';
import { compareStep, datasetStep, rateStep, switchStep, trainStep } from './next-step.ts';

const dataset = (id: string, over: Partial<Dataset> = {}, counts: Partial<Dataset['counts']> = {}) =>
  ({
    id,
    name: id,
    kind: 'chat',
    purpose: 'training',
    createdAt: 1,
    versions: [],
    counts: { approved: 0, pending: 0, ...counts },
    ...over,
  }) as unknown as Dataset;

test('ratings go into the newest dataset that can take them', () => {
  expect(rateStep([])).toEqual({ since: null, into: null });
  const found = rateStep([
    dataset('old'),
    dataset('new', { createdAt: 5 }),
    dataset('labels', { createdAt: 9, kind: 'labels' }),
    dataset('asked', { createdAt: 9, purpose: 'evaluation' }),
  ]);
  expect(found).toMatchObject({ since: { at: 5, what: 'dataset' }, into: { id: 'new' } });
  const versions = [{ createdAt: 3 }, { createdAt: 2 }] as Dataset['versions'];
  expect(rateStep([dataset('old', { versions }), dataset('new', { createdAt: 5 })])).toMatchObject({
    since: { at: 3, what: 'version' },
    into: { id: 'new' },
  });
});

test('a dataset is begun, reviewed, frozen, and then ready', () => {
  expect(datasetStep([])).toEqual({ do: 'begin' });
  expect(
    datasetStep([dataset('a', {}, { pending: 2, approved: 1 }), dataset('b', {}, { pending: 7 })]),
  ).toMatchObject({ do: 'review', dataset: { id: 'b' }, pending: 7, approved: 1 });
  expect(datasetStep([dataset('a', {}, { approved: 3 })])).toMatchObject({ do: 'freeze', approved: 3 });
  const frozen = { versions: [{}] } as unknown as Partial<Dataset>;
  expect(datasetStep([dataset('a', frozen, { approved: 3 })])).toEqual({
    do: 'ready',
    approved: 3,
    versions: 1,
  });
});

test('work that is under way is watched before anything else is begun', () => {
  const run = (id: string, status: string) => ({ id, status, createdAt: 1 }) as unknown as TrainingRun;
  expect(trainStep([run('a', 'complete'), run('b', 'failed')])).toEqual({ do: 'train', done: 1 });
  expect(trainStep([run('a', 'complete'), run('b', 'running')])).toMatchObject({
    do: 'watch',
    run: { id: 'b' },
  });
  const evaluation = (id: string, status: string, comparisons: unknown[] = []) =>
    ({ id, status, comparisons, createdAt: 1 }) as unknown as Evaluation;
  expect(compareStep([evaluation('a', 'complete')])).toEqual({ do: 'compare' });
  expect(compareStep([evaluation('a', 'complete', [{ better: 4 }])])).toMatchObject({
    do: 'read',
    comparison: { better: 4 },
  });
  expect(compareStep([evaluation('a', 'queued'), evaluation('b', 'complete', [{}])])).toMatchObject({
    do: 'watch',
  });
});

test('a switch that was taken back is none', () => {
  const promotion = (id: string, state: string, createdAt: number) =>
    ({ id, state, createdAt }) as unknown as Promotion;
  expect(switchStep([promotion('a', 'active', 1), promotion('b', 'rolled_back', 2)])?.id).toBe('a');
  expect(switchStep([promotion('b', 'rolled_back', 2)])).toBeNull();
});
