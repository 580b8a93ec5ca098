// What speaks against a start: what blocks it first, each with what to do.
import CircleAlert from 'lucide-react/icons/circle-alert';
import OctagonX from 'lucide-react/icons/octagon-x';
import { useTranslation } from 'react-i18next';
import type { TrainingConcern } from '../../../../../contracts/training.ts';
import { useConcernText } from '../lib/concern-words.ts';

export function Concerns({ concerns }: { concerns: readonly TrainingConcern[] }) {
  const { t } = useTranslation('training');
  const say = useConcernText();
  if (concerns.length === 0) return null;
  const sorted = [...concerns].sort((a, b) => Number(b.blocks) - Number(a.blocks));
  return (
    <ul aria-label={t('concerns')} className="mt-4 flex flex-col gap-2">
      {sorted.map((concern) => {
        const { title, next, technical } = say(concern);
        const Icon = concern.blocks ? OctagonX : CircleAlert;
        return (
          <li
            key={`${concern.code} ${concern.message}`}
            className={
              concern.blocks
                ? 'flex gap-2 rounded-md bg-failed-soft px-3 py-2 text-sm'
                : 'flex gap-2 rounded-md bg-needs-soft px-3 py-2 text-sm'
            }
          >
            <Icon
              aria-hidden="true"
              className={
                concern.blocks ? 'mt-0.5 size-4 shrink-0 text-failed' : 'mt-0.5 size-4 shrink-0 text-needs'
              }
            />
            <div className="min-w-0">
              <p className={concern.blocks ? 'font-semibold text-failed' : 'font-semibold text-needs'}>
                {title}
              </p>
              {next ? <p className="break-words">{next}</p> : null}
              {technical ? (
                <details className="mt-1 text-xs text-quiet">
                  <summary>{t('program_said')}</summary>
                  <p className="mt-1 break-words">{technical}</p>
                </details>
              ) : null}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
