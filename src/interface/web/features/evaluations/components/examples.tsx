// The examples of an evaluation, those where it was better or worse first asked for; both answers side by side.
import SearchX from 'lucide-react/icons/search-x';
import { useTranslation } from 'react-i18next';
import type { Evaluation, EvaluationResult } from '../../../../../contracts/evaluation.ts';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useResults } from '../api/results.ts';
import { type EvaluationSearch, outcomes } from '../search.ts';
import { Answer, ResultDetail } from './result-answer.tsx';
import { useSubjectName } from './use-words.ts';

export interface ExamplesProps {
  evaluation: Evaluation;
  search: EvaluationSearch;
  onSearch: (search: EvaluationSearch) => void;
}

export function Examples({ evaluation, search, onSearch }: ExamplesProps) {
  const { t } = useTranslation(['evaluations', 'common']);
  const nameOf = useSubjectName();
  const { subjects } = evaluation.input;
  const subject = Math.min(search.subject ?? 1, subjects.length - 1);
  const results = useResults(evaluation.id, { subject, only: search.only }, evaluation.done);
  const rows = results.data?.pages.flatMap((page) => page.results);
  const compared = subject > 0;
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-3">
        {subjects.length > 1 ? (
          <Select
            label={t('examples.subject')}
            className="w-auto! min-w-56 max-w-full"
            value={String(subject)}
            onChange={(value) => {
              const next = Number(value);
              onSearch({ subject: next, ...(next > 0 && search.only ? { only: search.only } : {}) });
            }}
            options={subjects.map((one, index) => ({
              value: String(index),
              label:
                index === 0
                  ? t('examples.alone', { name: nameOf(one) })
                  : t('examples.beside', { name: nameOf(one) }),
            }))}
          />
        ) : null}
        <Select
          label={t('examples.only')}
          className="w-auto! min-w-44"
          value={search.only ?? 'all'}
          onChange={(value) => {
            const { only: _, ...rest } = search;
            onSearch(value === 'all' ? rest : { ...rest, only: value });
          }}
          options={(['all', ...outcomes] as const)
            .filter((one) => compared || one === 'all' || one === 'failed')
            .map((value) => ({ value, label: t(`outcome.${value}`) }))}
        />
      </div>
      {results.error ? (
        <ErrorState className="mb-4" error={results.error} onRetry={() => void results.refetch()} />
      ) : null}
      {!rows && !results.error ? (
        <SkeletonRows rows={5} label={t('common:loading')} className="h-28" />
      ) : null}
      {rows?.length === 0 ? (
        <EmptyState
          icon={<SearchX />}
          title={search.only ? t('examples.none_found') : t('examples.none')}
          {...(search.only
            ? {
                action: (
                  <Button
                    onClick={() => onSearch(search.subject === undefined ? {} : { subject: search.subject })}
                  >
                    {t('examples.all')}
                  </Button>
                ),
              }
            : {})}
        />
      ) : null}
      {rows && rows.length > 0 ? (
        <ol aria-label={t('examples.title')} className="flex flex-col gap-3">
          {rows.map((result) => (
            <Row
              key={`${result.exampleId} ${result.subject}`}
              result={result}
              names={[subjects[0], subjects[result.subject]].map((one) => (one ? nameOf(one) : '–'))}
            />
          ))}
        </ol>
      ) : null}
      {results.hasNextPage ? (
        <Button
          className="mt-4"
          busy={results.isFetchingNextPage}
          onClick={() => void results.fetchNextPage()}
        >
          {t('examples.more')}
        </Button>
      ) : null}
    </>
  );
}

function Row({ result, names }: { result: EvaluationResult; names: string[] }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const { first } = result;
  const change = first ? result.score - first.score : null;
  return (
    <li className="overflow-hidden rounded-md border border-line bg-raised text-sm">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line bg-sunken px-4 py-2">
        <p className="line-clamp-3 min-w-0 grow basis-64 break-words whitespace-pre-wrap">
          {result.question}
        </p>
        {change === null ? null : (
          <span
            className={
              change > 0
                ? 'text-xs font-semibold text-ready'
                : change < 0
                  ? 'text-xs font-semibold text-failed'
                  : 'text-xs text-quiet'
            }
          >
            {t(`outcome.${change > 0 ? 'better' : change < 0 ? 'worse' : 'equal'}`)}
          </span>
        )}
      </div>
      <div className={first ? 'grid divide-line max-md:divide-y md:grid-cols-2 md:divide-x' : undefined}>
        {first ? <Answer name={names[0] ?? ''} answer={first} expected={result.expected} /> : null}
        <Answer name={names[1] ?? ''} answer={result} expected={result.expected} />
      </div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-t border-line px-4 py-2 text-xs text-quiet">
        <p className="min-w-0 grow basis-64 break-words whitespace-pre-wrap">
          {t('examples.expected')} <span className="text-ink">{result.expected}</span>
        </p>
        <span className="tabular">{format.duration(result.latencyMs)}</span>
        <ResultDetail detail={result.detail} />
      </div>
    </li>
  );
}
