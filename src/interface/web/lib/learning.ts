// The nouns of the Improve door that more than one of its pages reads: datasets, trainings, tuned models, evaluations.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Classifier } from '../../../contracts/classifier.ts';
import type { Dataset } from '../../../contracts/dataset.ts';
import type { Evaluation } from '../../../contracts/evaluation.ts';
import type { TrainingRun } from '../../../contracts/training.ts';
import type { Promotion, TunedModel } from '../../../contracts/tuned-model.ts';
import { api, type Query } from './api.ts';

/** A key starts with its noun: invalidating `all` reads everything of it again. */
export const learningKeys = {
  datasets: ['datasets'],
  datasetList: ['datasets', 'list'],
  dataset: (id: string) => ['datasets', 'one', id],
  trainings: ['trainings'],
  trainingList: ['trainings', 'list'],
  training: (id: string) => ['trainings', 'one', id],
  tunedModels: ['tuned-models'],
  evaluations: ['evaluations'],
  evaluationList: ['evaluations', 'list'],
  evaluation: (id: string) => ['evaluations', 'one', id],
  promotions: ['promotions'],
  classifiers: ['classifiers'],
} as const;

/** Work that goes on is read again this often; nothing else sends its figures. */
export const LIVE_MS = 1_500;

const open: readonly TrainingRun['status'][] = ['queued', 'running'];
/** It moves by itself. */
export const isLive = ({ status }: Pick<TrainingRun, 'status'>): boolean => open.includes(status);

export function useDatasets() {
  return useQuery({
    queryKey: learningKeys.datasetList,
    queryFn: async ({ signal }) => (await api<{ datasets: Dataset[] }>('/datasets', { signal })).datasets,
  });
}

export function useClassifiers() {
  return useQuery({
    queryKey: learningKeys.classifiers,
    queryFn: async ({ signal }) =>
      (await api<{ classifiers: Classifier[] }>('/classifiers', { signal })).classifiers,
  });
}

interface NewestPage {
  nextCursor: string | null;
}

/** A list that begins with what was made last, page after page; `data` holds the rows of all pages read so far. */
function useNewest<P extends NewestPage, Row>(
  queryKey: readonly unknown[],
  path: string,
  rowsOf: (page: P) => readonly Row[],
  { query = {}, live }: { query?: Query; live?: (row: Row) => boolean } = {},
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => api<P>(path, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    select: ({ pages }) => pages.flatMap(rowsOf),
    refetchInterval: ({ state }) =>
      live !== undefined && state.data?.pages.some((page) => rowsOf(page).some(live)) ? LIVE_MS : false,
  });
}

/** Of those models, or of all; those in force, or all. */
export function usePromotions(of: { models?: readonly string[]; state?: Promotion['state'] } = {}) {
  return useNewest(
    [...learningKeys.promotions, 'list', of],
    '/promotions',
    ({ promotions }: NewestPage & { promotions: Promotion[] }) => promotions,
    { query: { model: of.models, state: of.state } },
  );
}

export function useTrainings() {
  return useNewest(
    learningKeys.trainingList,
    '/training',
    ({ runs }: NewestPage & { runs: TrainingRun[] }) => runs,
    { live: isLive },
  );
}

export function useTunedModels() {
  return useQuery({
    queryKey: learningKeys.tunedModels,
    queryFn: async ({ signal }) => (await api<{ models: TunedModel[] }>('/tuned-models', { signal })).models,
  });
}

export function useEvaluations() {
  return useNewest(
    learningKeys.evaluationList,
    '/evaluations',
    ({ evaluations }: NewestPage & { evaluations: Evaluation[] }) => evaluations,
    { live: isLive },
  );
}
