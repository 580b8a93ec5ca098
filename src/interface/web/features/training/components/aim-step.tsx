// Step 1: what the model is trained for, in words; the method follows.
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { buttonClass } from '../../../components/ui/button.tsx';
import { type Aim, aims } from '../lib/aims.ts';
import { ChoiceCard } from './choice-card.tsx';
import { Step } from './step.tsx';

export function AimStep({ aim, onAim }: { aim: Aim | undefined; onAim: (aim: Aim) => void }) {
  const { t } = useTranslation('training');
  return (
    <Step number={1} title={t('step.aim')} lead={t('step.aim_lead')}>
      <div role="radiogroup" aria-label={t('step.aim')} className="grid gap-2 sm:grid-cols-2">
        {aims.map((one) => (
          <ChoiceCard
            key={one}
            name="aim"
            value={one}
            checked={aim === one}
            onChoose={() => onAim(one)}
            title={t(`aim.${one}.title`)}
            text={t(`aim.${one}.text`)}
          />
        ))}
      </div>
      {aim === 'classify' ? (
        <div className="mt-4 rounded-md border border-line bg-sunken px-4 py-3">
          <p className="text-sm">{t('aim.classify.instead')}</p>
          <Link to="/improve/classifiers" className={buttonClass('primary', 'medium', 'mt-3')}>
            {t('aim.classify.go')}
          </Link>
        </div>
      ) : null}
    </Step>
  );
}
