// One answer of an evaluation: its score, its words with what differs from the wanted ones, or why there are none.
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvaluationResult } from '../../../../../contracts/evaluation.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { diffWords } from '../../../lib/word-diff.ts';

type Answered = NonNullable<EvaluationResult['first']>;

/** Beyond this a comparison word by word says less than the two texts do. */
const LONGEST = 4_000;

export function Answer({ name, answer, expected }: { name: string; answer: Answered; expected: string }) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const say = useErrorText();
  return (
    <div className="min-w-0 px-4 py-3">
      <p className="mb-1 flex items-baseline justify-between gap-3 text-xs text-quiet">
        <span className="truncate">{name}</span>
        <span className="tabular shrink-0">
          {t('score_of', { score: format.decimal(answer.score, 2) })}
          {answer.traceId ? (
            <Link
              to="/monitor/$traceId"
              params={{ traceId: answer.traceId }}
              aria-label={t('examples.trace_of', { name })}
              className="ml-2 underline decoration-line underline-offset-2 hover:text-ink"
            >
              {t('examples.trace')}
            </Link>
          ) : null}
        </span>
      </p>
      {answer.error ? (
        <p className="text-failed">{say(answer.error).title}</p>
      ) : answer.output === null ? (
        <p className="text-quiet">{t('examples.no_text')}</p>
      ) : (
        <Differing output={answer.output} expected={expected} />
      )}
    </div>
  );
}

/** The answer as it is; words that the wanted one has not are marked, words that it lacks are struck. */
function Differing({ output, expected }: { output: string; expected: string }) {
  const parts = useMemo(() => {
    if (output.length > LONGEST || expected.length > LONGEST) return null;
    const all = diffWords(expected, output);
    const same = all
      .filter(({ kind }) => kind === 'same')
      .reduce((sum, { text }) => sum + text.trim().length, 0);
    // Two texts with hardly a word in common are read better as they are.
    return same * 3 >= Math.min(output.length, expected.length) ? all : null;
  }, [output, expected]);
  if (parts === null)
    return <p className="break-words whitespace-pre-wrap">{output === '' ? '–' : output}</p>;
  return (
    <p className="break-words whitespace-pre-wrap">
      {parts.map(({ kind, text }, index) =>
        kind === 'same' ? (
          text
        ) : kind === 'added' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
          <ins key={index} className="rounded-sm bg-needs-soft text-needs no-underline">
            {text}
          </ins>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
          <del key={index} className="rounded-sm text-quiet line-through">
            {text}
          </del>
        ),
      )}
    </p>
  );
}

/** What the judge saw, in words where the page has them. */
export function ResultDetail({ detail }: Pick<EvaluationResult, 'detail'>) {
  const { t } = useTranslation('evaluations');
  const format = useFormat();
  const names = (value: unknown) =>
    Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  const differ = names(detail.differ);
  const extra = names(detail.extra);
  const said = [
    detail.broken === true ? t('detail.broken') : null,
    detail.fenced === true ? t('detail.fenced') : null,
    detail.cut === true ? t('detail.cut') : null,
    differ.length > 0 ? t('detail.differ', { fields: format.list(differ) }) : null,
    extra.length > 0 ? t('detail.extra', { fields: format.list(extra) }) : null,
    typeof detail.found === 'string' ? t('detail.found', { label: detail.found }) : null,
    typeof detail.mark === 'number' ? t('detail.mark', { mark: format.decimal(detail.mark, 1) }) : null,
    typeof detail.margin === 'number'
      ? t('detail.margin', { margin: format.decimal(detail.margin, 2) })
      : null,
    typeof detail.problem === 'string' ? detail.problem : null,
  ].filter((part) => part !== null);
  if (said.length === 0) return null;
  return <p className="basis-full break-words">{said.join(' · ')}</p>;
}
