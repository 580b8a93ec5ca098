// Nothing answers: what was tried and why it failed, and every way on. Never a dead end.
import { Link } from '@tanstack/react-router';
import FileInput from 'lucide-react/icons/file-input';
import Plug from 'lucide-react/icons/plug';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Store from 'lucide-react/icons/store';
import { useTranslation } from 'react-i18next';
import type { FirstRun } from '../../../../../contracts/catalogue.ts';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { usePull } from '../../../lib/mutations.ts';
import { Attempts } from './attempts.tsx';
import { Offers } from './offers.tsx';

export interface NoModelProps {
  failed: boolean;
  attempts: FirstRun['attempts'];
  onAddEndpoint: (start?: { name: string; baseUrl: string }) => void;
  onImportFile: () => void;
}

export function NoModel({ failed, attempts, onAddEndpoint, onImportFile }: NoModelProps) {
  const { t } = useTranslation('home');
  const pull = usePull();
  return (
    <section
      aria-label={t('no_model.title')}
      className="mt-5 flex flex-col gap-4 rounded-md border border-line bg-raised p-5"
    >
      <div role="status">
        <h2 className="text-base font-semibold">{t(failed ? 'no_model.failed' : 'no_model.title')}</h2>
        <p className="text-sm text-quiet">{t(failed ? 'no_model.failed_text' : 'no_model.text')}</p>
      </div>
      {attempts.length > 0 ? <Attempts attempts={attempts} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look={failed ? 'secondary' : 'primary'}
          icon={<RotateCw />}
          busy={pull.isPending}
          onClick={() => pull.mutate({ id: 'auto' })}
        >
          {t(failed ? 'no_model.again' : 'no_model.fetch')}
        </Button>
        <Button icon={<Plug />} onClick={() => onAddEndpoint()}>
          {t('no_model.endpoint')}
        </Button>
        <Button icon={<FileInput />} onClick={onImportFile}>
          {t('no_model.file')}
        </Button>
        <Link to="/models" className={buttonClass()}>
          <Store aria-hidden="true" />
          {t('other_model')}
        </Link>
      </div>
      {pull.error ? <ErrorState error={pull.error} /> : null}
      <Offers onAddEndpoint={onAddEndpoint} />
      <details className="text-sm">
        <summary className="text-quiet">{t('by_hand.title')}</summary>
        <ol className="mt-2 flex list-decimal flex-col gap-1.5 pl-5">
          <li>{t('by_hand.fetch')}</li>
          <li>{t('by_hand.carry')}</li>
          <li>{t('by_hand.import')}</li>
          <li>{t('by_hand.mirror')}</li>
        </ol>
      </details>
    </section>
  );
}
