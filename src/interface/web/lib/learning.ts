// The nouns of the Improve door that more than one of its pages reads: datasets, trainings, tuned models, evaluations.
import { useQuery } from '@tanstack/react-query';
import type { Classifier } from '../../../contracts/classifier.ts';
import type { Dataset } from '../../../contracts/dataset.ts';
import type { Evaluation } from '../../../contracts/evaluation.ts';
import type { TrainingRun } from '../../../contracts/training.ts';
import type { Promotion, TunedModel } from '../../../contracts/tuned-model.ts';
import { api } from './api.ts';

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

export function usePromotions() {
  return useQuery({
    queryKey: learningKeys.promotions,
    queryFn: async ({ signal }) =>
      (await api<{ promotions: Promotion[] }>('/promotions', { signal })).promotions,
  });
}

export function useTrainings() {
  return useQuery({
    queryKey: learningKeys.trainingList,
    queryFn: async ({ signal }) => (await api<{ runs: TrainingRun[] }>('/training', { signal })).runs,
    refetchInterval: ({ state }) => (state.data?.some(isLive) ? LIVE_MS : false),
  });
}

export function useTunedModels() {
  return useQuery({
    queryKey: learningKeys.tunedModels,
    queryFn: async ({ signal }) => (await api<{ models: TunedModel[] }>('/tuned-models', { signal })).models,
  });
}

export function useEvaluations() {
  return useQuery({
    queryKey: learningKeys.evaluationList,
    queryFn: async ({ signal }) =>
      (await api<{ evaluations: Evaluation[] }>('/evaluations', { signal })).evaluations,
    refetchInterval: ({ state }) => (state.data?.some(isLive) ? LIVE_MS : false),
  });
}
