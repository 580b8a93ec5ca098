// How a passage was found: the score that ranks it, and what each arm of the search gave it.
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../../contracts/knowledge.ts';
import { useFormat } from '../../lib/format.ts';

const arms = ['lexical', 'vector', 'rerank'] as const;

export function HitScores({ hit }: { hit: Pick<SearchHit, 'score' | 'scores'> }) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const shown = arms.filter((arm) => arm !== 'rerank' || hit.scores.rerank !== null);
  return (
    <dl className="tabular flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      <Figure word={t('score.fused')} hint={t('score.fused_hint')} value={format.decimal(hit.score, 3)} />
      {shown.map((arm) => {
        const value = hit.scores[arm];
        return (
          <Figure
            key={arm}
            word={t(`score.${arm}`)}
            hint={t(`score.${arm}_hint`)}
            value={value === null ? t('score.none') : format.decimal(value, arm === 'lexical' ? 1 : 3)}
          />
        );
      })}
    </dl>
  );
}

function Figure({ word, hint, value }: { word: string; hint: string; value: string }) {
  return (
    <div className="flex gap-1.5" title={hint}>
      <dt className="text-quiet">{word}</dt>
      <dd>{value}</dd>
    </div>
  );
}
