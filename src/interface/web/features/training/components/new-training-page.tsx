// A training is ordered: what for, from which data, on which base and how, and what it will take. One page; what is
// chosen stands in the address, what is set in this tab.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../../components/page.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { useDatasets, useTrainings, useTunedModels } from '../../../lib/learning.ts';
import { useEstimate } from '../api/estimate.ts';
import { useStartTraining, useTraining } from '../api/runs.ts';
import { aimOf, plans } from '../lib/aims.ts';
import {
  draftOf,
  emptyDraft,
  keepDraft,
  loadDraft,
  orderOf,
  suggestName,
  type TrainingDraft,
} from '../lib/draft.ts';
import type { NewTrainingSearch } from '../search.ts';
import { AimStep } from './aim-step.tsx';
import { BackLink } from './back-link.tsx';
import { BaseStep } from './base-step.tsx';
import { CheckCard } from './check-card.tsx';
import { DataStep } from './data-step.tsx';
import { MethodStep } from './method-step.tsx';

export function NewTrainingPage() {
  const { t } = useTranslation('training');
  const navigate = useNavigate();
  const search = useSearch({ from: '/improve/training/new' });
  const [draft, setDraft] = useState<TrainingDraft>(loadDraft);
  useEffect(() => keepDraft(draft), [draft]);
  const change = (part: Partial<TrainingDraft>) => setDraft((now) => ({ ...now, ...part }));
  const set = (part: Partial<NewTrainingSearch>) =>
    void navigate({ to: '/improve/training/new', search: { ...search, ...part }, replace: true });

  const from = useTraining(search.from);
  const used = useRef<string | null>(null);
  useEffect(() => {
    if (!from.data || used.current === from.data.id) return;
    const { id, input } = from.data;
    used.current = id;
    setDraft(draftOf(input));
    void navigate({
      to: '/improve/training/new',
      search: {
        aim: aimOf(input),
        dataset: input.dataset.id,
        ...(input.dataset.version ? { version: input.dataset.version } : {}),
        base: input.base,
      },
      replace: true,
    });
  }, [from.data, navigate]);

  const datasets = useDatasets();
  const dataset = datasets.data?.find(({ id }) => id === search.dataset);
  const version = search.version ?? dataset?.versions[0]?.version;
  const runs = useTrainings();
  const tuned = useTunedModels();
  const suggested = useMemo(
    () =>
      suggestName(
        dataset?.name,
        [...(runs.data ?? []), ...(tuned.data ?? [])].map(({ name }) => name),
      ),
    [dataset?.name, runs.data, tuned.data],
  );
  const { aim, base } = search;
  const { input, missing } = orderOf({ aim, dataset: dataset?.id, version, base }, draft, suggested);
  const estimate = useEstimate(input);
  const start = useStartTraining();

  return (
    <Page wide title={t('new.title')} lead={t('new.lead')} above={<BackLink />}>
      {from.error ? (
        <ErrorState className="mb-6" error={from.error} onRetry={() => void from.refetch()} />
      ) : null}
      <div className="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <form onSubmit={(event) => event.preventDefault()}>
          <AimStep
            aim={aim}
            onAim={(next) => {
              // Another kind of data belongs to another aim, and so do other settings.
              const { dataset: _dataset, version: _version, ...rest } = search;
              const keepsData =
                dataset !== undefined && next !== 'classify' && plans[next].kind === dataset.kind;
              void navigate({
                to: '/improve/training/new',
                search: { ...(keepsData ? search : rest), aim: next },
                replace: true,
              });
              setDraft((now) => ({ ...emptyDraft, name: now.name, samplePrompts: now.samplePrompts }));
            }}
          />
          <DataStep aim={aim} datasets={datasets} dataset={dataset} version={version} onChange={set} />
          <BaseStep base={base} onBase={(next) => set({ base: next })}>
            {aim === undefined || aim === 'classify' ? null : (
              <MethodStep aim={aim} draft={draft} suggested={suggested} onChange={change} />
            )}
          </BaseStep>
        </form>
        <CheckCard
          input={input}
          missing={missing}
          estimate={estimate}
          starting={start.isPending}
          startError={start.error}
          onStart={() => {
            if (input === null) return;
            start.mutate(input, {
              onSuccess: (run) => {
                setDraft(emptyDraft);
                keepDraft(null);
                void navigate({ to: '/improve/training/$id', params: { id: run.id } });
              },
            });
          }}
        />
      </div>
    </Page>
  );
}
