// The pages of one training and one evaluation, named by the address.
import { useParams } from '@tanstack/react-router';
import { lazy } from 'react';

const TrainingRunPage = lazy(async () => ({
  default: (await import('../features/training/components/training-run-page.tsx')).TrainingRunPage,
}));
const EvaluationPage = lazy(async () => ({
  default: (await import('../features/evaluations/components/evaluation-page.tsx')).EvaluationPage,
}));

export function TrainingRunRoute() {
  const { id } = useParams({ strict: false });
  return <TrainingRunPage id={id ?? ''} />;
}

export function EvaluationRoute() {
  const { id } = useParams({ strict: false });
  return <EvaluationPage id={id ?? ''} />;
}
