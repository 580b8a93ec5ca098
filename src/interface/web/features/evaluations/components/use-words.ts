// Sentences of evaluations that stand in more than one place: what is asked, what a comparison comes to.
import { useTranslation } from 'react-i18next';
import type { Comparison, Subject } from '../../../../../contracts/evaluation.ts';
import { useFormat } from '../../../lib/format.ts';
import { findModel, useModels } from '../../../lib/queries.ts';
import { subjectName } from '../lib/subjects.ts';
import { signed, verdictOf } from '../lib/verdict.ts';

/** An alias is called by its own name, since it may stand for another model tomorrow. */
export function useSubjectName(): (subject: Subject) => string {
  const list = useModels().data;
  return (subject) =>
    subjectName(subject, (model) =>
      list?.aliases[model] === undefined ? (findModel(list, model)?.displayName ?? model) : model,
    );
}

/** "temperature 0.2, seed 1" */
export function useParametersText(): (subject: Subject) => string {
  const { t, i18n } = useTranslation('chat');
  return ({ parameters }) =>
    Object.entries(parameters)
      .flatMap(([name, value]) => {
        if (value === undefined) return [];
        const label = t(`parameter.${name as keyof Subject['parameters']}.label`);
        return `${label} ${Array.isArray(value) ? value.join(' ') : value.toLocaleString(i18n.language)}`;
      })
      .join(', ');
}

/** "Better on 41 of 60, worse on 9; interval +.18 to +.42" */
export function useVerdictText(): (comparison: Comparison) => string {
  const { t, i18n } = useTranslation('evaluations');
  const format = useFormat();
  return (comparison) => {
    const { better, worse, total, low, high } = verdictOf(comparison);
    return t('verdict.sentence', {
      better: format.whole(better),
      worse: format.whole(worse),
      total: format.whole(total),
      low: signed(low, i18n.language),
      high: signed(high, i18n.language),
    });
  };
}
