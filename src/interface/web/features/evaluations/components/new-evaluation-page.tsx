// An evaluation is ordered: on which examples, judged how, who is asked. What is chosen stands in the address.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import Scale from 'lucide-react/icons/scale';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Split, splits } from '../../../../../contracts/dataset.ts';
import type { Judge, Subject } from '../../../../../contracts/evaluation.ts';
import { Page, Section } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useDatasets } from '../../../lib/learning.ts';
import { useRights } from '../../../lib/session.ts';
import { useStartEvaluation } from '../api/evaluations.ts';
import { judgesOf, newJudge } from '../lib/judges.ts';
import { sameSubject } from '../lib/subjects.ts';
import type { NewEvaluationSearch } from '../search.ts';
import { BackLink } from './back-link.tsx';
import { JudgeFields } from './judge-fields.tsx';
import { SubjectFields } from './subject-fields.tsx';
import { useSubjectName } from './use-words.ts';

const plain = (model: string): Subject => ({ model, prompt: null, parameters: {} });

export function NewEvaluationPage() {
  const { t } = useTranslation(['evaluations', 'common']);
  const format = useFormat();
  const navigate = useNavigate();
  const search = useSearch({ from: '/improve/evaluations/new' });
  const set = (part: Partial<NewEvaluationSearch>) =>
    void navigate({ to: '/improve/evaluations/new', search: { ...search, ...part }, replace: true });
  const datasets = useDatasets();
  const frozen = (datasets.data ?? []).filter(({ versions }) => versions.length > 0);
  const dataset = frozen.find(({ id }) => id === search.dataset);
  const version = dataset?.versions.find((one) => one.version === search.version) ?? dataset?.versions[0];
  const split: Split = search.split ?? 'test';
  const there = version?.splits[split] ?? 0;

  const [chosen, setJudge] = useState<Judge | null>(null);
  const fitting = dataset ? judgesOf[dataset.kind] : [];
  const judge =
    chosen && fitting.includes(chosen.type)
      ? chosen
      : fitting[0]
        ? newJudge(fitting[0], t('judge.model.rubric_start'))
        : null;
  const [subjects, setSubjects] = useState<Subject[]>(() =>
    (search.models ?? 'default').split(',').slice(0, 16).map(plain),
  );
  const [limit, setLimit] = useState('');
  const [named, setNamed] = useState<string | null>(null);
  const nameOf = useSubjectName();
  const suggested = dataset
    ? t('new.name_of', { subjects: subjects.map(nameOf).join(' / '), dataset: dataset.name })
    : '';
  const name = (named ?? suggested).slice(0, 120);
  const most = limit.trim() === '' ? null : Number(limit.trim());
  const limitWrong = most !== null && !(Number.isInteger(most) && most > 0);
  const twice = subjects.some((one, i) => subjects.some((other, j) => j < i && sameSubject(one, other)));
  const start = useStartEvaluation();
  const mayStart = useRights().may('learning');
  const ready =
    dataset !== undefined &&
    version !== undefined &&
    judge !== null &&
    there > 0 &&
    !limitWrong &&
    !twice &&
    name.trim() !== '' &&
    (judge.type !== 'model' || judge.rubric.trim() !== '');
  const calls = Math.min(there, most ?? there) * subjects.length;

  return (
    <Page title={t('new.title')} lead={t('new.lead')} above={<BackLink />}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready || !mayStart) return;
          start.mutate(
            {
              name: name.trim(),
              dataset: { id: dataset.id, version: version.version },
              split,
              limit: most,
              judge,
              subjects,
            },
            {
              onSuccess: ({ id }) =>
                void navigate({ to: '/improve/evaluations/$id', params: { id }, search: {} }),
            },
          );
        }}
      >
        <Section title={t('new.data')} lead={t('new.data_lead')}>
          {datasets.data ? null : datasets.error ? (
            <ErrorState error={datasets.error} onRetry={() => void datasets.refetch()} />
          ) : (
            <SkeletonRows rows={1} label={t('common:loading')} />
          )}
          {datasets.data && frozen.length === 0 ? (
            <div className="rounded-md border border-line bg-sunken px-4 py-3">
              <p className="text-sm">{t('new.no_data')}</p>
              <Link to="/improve/datasets" className={buttonClass('secondary', 'small', 'mt-3')}>
                {t('new.to_datasets')}
              </Link>
            </div>
          ) : null}
          {frozen.length > 0 ? (
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t('dataset')}>
                {(control) => (
                  <Select
                    {...control}
                    value={dataset?.id ?? ''}
                    placeholder={t('new.choose')}
                    onChange={(id) => {
                      const newest = frozen.find((one) => one.id === id)?.versions[0]?.version;
                      set({ dataset: id, ...(newest ? { version: newest } : {}) });
                    }}
                    options={frozen.map((one) => ({
                      value: one.id,
                      label: one.name,
                      hint: t(`purpose.${one.purpose}`),
                    }))}
                  />
                )}
              </Field>
              {dataset && version ? (
                <>
                  <Field label={t('new.version')}>
                    {(control) => (
                      <Select
                        {...control}
                        value={String(version.version)}
                        onChange={(next) => set({ version: Number(next) })}
                        options={dataset.versions.map((one) => ({
                          value: String(one.version),
                          label: t('version', { version: one.version }),
                          hint: [format.day(one.createdAt), one.note]
                            .filter((part) => part !== '')
                            .join(' · '),
                        }))}
                      />
                    )}
                  </Field>
                  <Field
                    label={t('new.split')}
                    hint={split === 'train' ? undefined : t('new.split_hint')}
                    error={
                      split === 'train' ? t('new.split_seen') : there === 0 ? t('new.split_empty') : null
                    }
                  >
                    {(control) => (
                      <Select
                        {...control}
                        value={split}
                        onChange={(next) => set({ split: next })}
                        options={splits.map((one) => ({
                          value: one,
                          label: t(`split.${one}`),
                          hint: t('new.examples', {
                            count: version.splits[one] ?? 0,
                            n: format.whole(version.splits[one] ?? 0),
                          }),
                        }))}
                      />
                    )}
                  </Field>
                  <Field
                    label={t('new.limit')}
                    hint={t('new.limit_hint')}
                    error={limitWrong ? t('new.limit_wrong') : null}
                  >
                    {(control) => (
                      <Input
                        {...control}
                        inputMode="numeric"
                        className="tabular"
                        placeholder={t('new.limit_all', { n: format.whole(there) })}
                        value={limit}
                        onChange={(event) => setLimit(event.target.value)}
                      />
                    )}
                  </Field>
                </>
              ) : null}
            </div>
          ) : null}
        </Section>
        <Section title={t('new.subjects')} lead={t('new.subjects_lead')}>
          <SubjectFields subjects={subjects} onChange={setSubjects} />
          {twice ? <p className="mt-2 text-sm text-failed">{t('new.twice')}</p> : null}
        </Section>
        {dataset && judge ? (
          <Section title={t('new.judge')} lead={t('new.judge_lead')}>
            <JudgeFields types={fitting} judge={judge} onChange={setJudge} />
          </Section>
        ) : null}
        <Section title={t('new.start_title')}>
          <Field label={t('new.name')}>
            {(control) => (
              <Input
                {...control}
                maxLength={120}
                value={named ?? suggested}
                onChange={(event) => setNamed(event.target.value)}
              />
            )}
          </Field>
          {start.error ? <ErrorState className="mt-4" error={start.error} /> : null}
          <div className="mt-4 flex flex-wrap items-center gap-4">
            <Button
              type="submit"
              look="primary"
              icon={<Scale />}
              busy={start.isPending}
              disabled={!ready || !mayStart}
            >
              {t('new.start')}
            </Button>
            {ready ? (
              <p className="tabular text-sm text-quiet">
                {t('new.calls', { count: calls, n: format.whole(calls) })}
                {judge.type === 'model' ? ` ${t('new.calls_judge')}` : ''}
              </p>
            ) : null}
          </div>
        </Section>
      </form>
    </Page>
  );
}
