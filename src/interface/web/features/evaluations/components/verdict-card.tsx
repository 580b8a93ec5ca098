// The sentence that an evaluation is made for, one for each subject that is compared with the first.
import Minus from 'lucide-react/icons/minus';
import TrendingDown from 'lucide-react/icons/trending-down';
import TrendingUp from 'lucide-react/icons/trending-up';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../../contracts/evaluation.ts';
import { cx } from '../../../components/ui/cx.ts';
import { isLive } from '../../../lib/learning.ts';
import { chance, verdictOf } from '../lib/verdict.ts';
import { useSubjectName, useVerdictText } from './use-words.ts';

const looks = {
  better: { icon: TrendingUp, tone: 'text-ready' },
  worse: { icon: TrendingDown, tone: 'text-failed' },
  open: { icon: Minus, tone: 'text-needs' },
} as const;

export function VerdictCard({ evaluation }: { evaluation: Evaluation }) {
  const { t, i18n } = useTranslation('evaluations');
  const nameOf = useSubjectName();
  const say = useVerdictText();
  if (evaluation.comparisons.length === 0) return null;
  return (
    <section
      aria-label={t('verdict.title')}
      className="mb-8 divide-y divide-line rounded-md border border-line bg-raised"
    >
      {evaluation.comparisons.map((comparison) => {
        const { kind } = verdictOf(comparison);
        const { icon: Icon, tone } = looks[kind];
        const from = evaluation.input.subjects[comparison.from];
        const to = evaluation.input.subjects[comparison.to];
        if (!from || !to) return null;
        return (
          <div key={comparison.to} className="flex gap-3 px-4 py-4">
            <Icon aria-hidden="true" className={cx('mt-1 size-5 shrink-0', tone)} />
            <div className="min-w-0">
              <p className="text-xs break-words text-quiet">
                {t('verdict.pair', { to: nameOf(to), from: nameOf(from) })}
                {isLive(evaluation) ? ` · ${t('verdict.so_far')}` : ''}
              </p>
              <p className="tabular mt-0.5 text-base font-semibold">{say(comparison)}</p>
              <p className={cx('mt-0.5 text-sm', tone)}>
                {t(`verdict.${kind}`)}
                <span className="text-quiet" title={t('verdict.sign_hint')}>
                  {' '}
                  {t('verdict.sign', { p: chance(comparison.signTest, i18n.language) })}
                </span>
              </p>
            </div>
          </div>
        );
      })}
    </section>
  );
}
