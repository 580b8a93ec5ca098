// Rate, collect, train, compare, switch: each step with its live figure and its next action.
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowRight from 'lucide-react/icons/arrow-right';
import { useTranslation } from 'react-i18next';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { useFormat } from '../../../lib/format.ts';
import {
  useDatasets,
  useEvaluations,
  usePromotions,
  useTrainings,
  useTunedModels,
} from '../../../lib/learning.ts';
import { useRatedAnswers } from '../../../lib/rated-answers.ts';
import { compareStep, datasetStep, rateStep, switchStep, trainStep } from '../lib/next-step.ts';
import { StepCard, type StepFacts } from './step-card.tsx';

interface Read {
  error: unknown;
  data?: unknown;
  refetch: () => unknown;
}

export function Loop() {
  const { t } = useTranslation('improve');
  const datasets = useDatasets();
  const trainings = useTrainings();
  const tuned = useTunedModels();
  const evaluations = useEvaluations();
  const promotions = usePromotions({ state: 'active' });
  const rate = datasets.data ? rateStep(datasets.data) : null;
  const rated = useRatedAnswers(rate?.since?.at ?? null, rate !== null);
  const say = useSteps();
  const steps = [
    { word: 'rate', facts: rate && rated.data ? say.rate(rate, rated.data) : null, read: rated },
    {
      word: 'dataset',
      facts: datasets.data ? say.dataset(datasetStep(datasets.data)) : null,
      read: datasets,
    },
    {
      word: 'train',
      facts: trainings.data ? say.train(trainStep(trainings.data), tuned.data?.length ?? 0) : null,
      read: trainings,
    },
    {
      word: 'compare',
      facts: evaluations.data ? say.compare(compareStep(evaluations.data)) : null,
      read: evaluations,
    },
    {
      word: 'switch',
      facts: promotions.data ? say.switched(switchStep(promotions.data)) : null,
      read: promotions,
    },
  ] as const;
  const broken = steps.map(({ read }): Read => read).filter(({ error, data }) => error && data === undefined);
  const [first] = broken;
  return (
    <>
      <ol
        aria-label={t('loop')}
        className="mb-3 grid gap-2 lg:grid-cols-[1fr_auto_1fr_auto_1fr_auto_1fr_auto_1fr] lg:grid-rows-[auto_auto_1fr_auto] lg:gap-x-1.5 lg:gap-y-0"
      >
        {steps.map(({ word, facts, read }, index) => (
          <li key={word} className="contents">
            {index > 0 ? (
              <span
                className="flex items-center justify-center text-control lg:row-span-4"
                aria-hidden="true"
              >
                <ArrowRight className="size-4 max-lg:hidden" />
                <ArrowDown className="size-4 lg:hidden" />
              </span>
            ) : null}
            <StepCard
              number={index + 1}
              title={t(`step.${word}`)}
              about={t(`step_about.${word}`)}
              facts={facts}
              // Ratings are counted once the datasets are known.
              failed={facts === null && (read.error ?? (word === 'rate' ? datasets.error : null)) !== null}
            />
          </li>
        ))}
      </ol>
      {first ? (
        <ErrorState
          error={first.error}
          className="mb-4"
          onRetry={() => {
            for (const read of broken) void read.refetch();
          }}
        />
      ) : null}
      <p className="mb-10 text-xs text-quiet">{t('loop_about')}</p>
    </>
  );
}

/** The steps in words and figures, each with the link to what comes next. */
function useSteps() {
  const { t } = useTranslation('improve');
  const format = useFormat();
  return {
    rate(step: ReturnType<typeof rateStep>, { count, more }: { count: number; more: boolean }): StepFacts {
      const n = more ? `${format.whole(count)}+` : format.whole(count);
      return {
        figure: n,
        words: t(step.since === null ? 'rate.all' : `rate.since_${step.since.what}`, { count }),
        action:
          count === 0
            ? { label: t('rate.go'), to: '/chat' }
            : step.into
              ? {
                  label: t('rate.collect'),
                  to: `/improve/datasets/${step.into.id}`,
                  search: { add: 'ratings' },
                  wanted: true,
                }
              : { label: t('dataset.begin'), to: '/improve/datasets', wanted: true },
      };
    },
    dataset(step: ReturnType<typeof datasetStep>): StepFacts {
      if (step.do === 'begin')
        return {
          figure: format.whole(0),
          words: t('dataset.none'),
          action: { label: t('dataset.begin'), to: '/improve/datasets' },
        };
      const figure = format.whole(step.approved);
      const words = t('dataset.approved', { count: step.approved });
      if (step.do === 'review')
        return {
          figure,
          words,
          action: {
            label: t('dataset.review', { count: step.pending, n: format.whole(step.pending) }),
            to: `/improve/datasets/${step.dataset.id}`,
            search: { status: 'pending' },
            wanted: true,
          },
        };
      if (step.do === 'freeze')
        return {
          figure,
          words,
          action: {
            label: t('dataset.freeze'),
            to: `/improve/datasets/${step.dataset.id}`,
            search: { view: 'versions' },
            wanted: true,
          },
        };
      return {
        figure,
        words: t('dataset.frozen', { count: step.versions, n: format.whole(step.versions) }),
        action: { label: t('dataset.open'), to: '/improve/datasets' },
      };
    },
    train(step: ReturnType<typeof trainStep>, models: number): StepFacts {
      if (step.do === 'watch')
        return {
          figure: step.run.steps > 0 ? format.percent(step.run.step / step.run.steps) : '…',
          words: t('train.running', { name: step.run.name }),
          action: { label: t('train.watch'), to: `/improve/training/${step.run.id}`, wanted: true },
        };
      return {
        figure: format.whole(models),
        words: t('train.models', { count: models }),
        action: { label: t('train.go'), to: '/improve/training/new' },
      };
    },
    compare(step: ReturnType<typeof compareStep>): StepFacts {
      if (step.do === 'watch')
        return {
          figure: `${format.whole(step.evaluation.done)}/${format.whole(step.evaluation.total)}`,
          words: t('compare.running'),
          action: {
            label: t('compare.watch'),
            to: `/improve/evaluations/${step.evaluation.id}`,
            wanted: true,
          },
        };
      if (step.do === 'read') {
        const { better, worse } = step.comparison;
        return {
          figure: `${format.whole(better)} : ${format.whole(worse)}`,
          words: t('compare.verdict', { better: format.whole(better), worse: format.whole(worse) }),
          action: { label: t('compare.read'), to: `/improve/evaluations/${step.evaluation.id}` },
        };
      }
      return {
        figure: format.whole(0),
        words: t('compare.none'),
        action: { label: t('compare.go'), to: '/improve/evaluations/new' },
      };
    },
    switched(promotion: ReturnType<typeof switchStep>): StepFacts {
      if (promotion === null)
        return {
          figure: '–',
          words: t('switch.none'),
          action: { label: t('switch.go'), to: '/improve/evaluations' },
        };
      return {
        figure: format.percent(promotion.share),
        words: t('switch.asks', { alias: promotion.alias, model: promotion.to }),
        action: {
          label: t(promotion.share < 1 ? 'switch.canary' : 'switch.back'),
          to: `/improve/evaluations/${promotion.evaluationId}`,
        },
      };
    },
  };
}
