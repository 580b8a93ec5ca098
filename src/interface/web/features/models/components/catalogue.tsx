// Models that can be had: what each is good for, whether it fits and why not, and its download.
import Check from 'lucide-react/icons/check';
import Download from 'lucide-react/icons/download';
import Pause from 'lucide-react/icons/pause';
import Play from 'lucide-react/icons/play';
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import type { CatalogueListing } from '../../../../../contracts/catalogue.ts';
import { Rows } from '../../../components/page.tsx';
import { TaskProgress } from '../../../components/task-progress.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { usePull, useTaskAction } from '../../../lib/mutations.ts';
import { useTasks } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { isOpen } from '../../../lib/task-figures.ts';
import { recommended, sortListings } from '../lib/catalogue-view.ts';
import { ModelFacts } from './model-facts.tsx';

export function Catalogue({ listings }: { listings: readonly CatalogueListing[] }) {
  const { t } = useTranslation('models');
  const best = recommended(listings);
  return (
    <Rows label={t('catalogue.title')}>
      {sortListings(listings).map((listing) => (
        <Listing key={listing.entry.id} listing={listing} best={listing.entry.id === best} />
      ))}
    </Rows>
  );
}

function Listing({ listing, best }: { listing: CatalogueListing; best: boolean }) {
  const { t, i18n } = useTranslation(['models', 'tasks']);
  const say = useErrorText();
  const pull = usePull();
  const mayPull = useRights().may('models');
  const action = useTaskAction();
  const tasks = useTasks().data ?? [];
  const { entry, installed, fit, taskId } = listing;
  const task = tasks.find((one) => one.id === (taskId ?? pull.data?.id) && isOpen(one));
  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  const act = (what: 'pause' | 'resume' | 'cancel') =>
    task && action.mutate({ id: task.id, action: what }, { onError: failed });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3 sm:flex-nowrap">
      <div className="w-full min-w-0 grow sm:w-auto">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-semibold">{entry.displayName}</span>
          {best && !installed ? <Badge tone="accent">{t('catalogue.best')}</Badge> : null}
          {entry.kind === 'embedding' ? <Badge>{t('kind.embedding')}</Badge> : null}
          <Fit fit={fit} />
        </div>
        <p className="mt-0.5">{i18n.language === 'fr' ? entry.summary.fr : entry.summary.en}</p>
        <div className="mt-1">
          <ModelFacts facts={entry} />
        </div>
        {task ? <TaskProgress task={task} className="mt-2 max-w-md" /> : null}
      </div>
      <div className="flex shrink-0 items-center gap-1">
        {installed ? (
          <span className="inline-flex h-8 items-center gap-1.5 text-sm text-ready sm:px-2.5">
            <Check className="size-4" aria-hidden="true" />
            {t('catalogue.installed')}
          </span>
        ) : task ? (
          <>
            {task.canPause && task.status === 'running' ? (
              <IconButton label={t('tasks:pause')} icon={<Pause />} onClick={() => act('pause')} />
            ) : null}
            {task.status === 'paused' ? (
              <IconButton label={t('tasks:resume')} icon={<Play />} onClick={() => act('resume')} />
            ) : null}
            <IconButton label={t('tasks:cancel')} icon={<X />} onClick={() => act('cancel')} />
          </>
        ) : !mayPull ? null : (
          <Button
            size="small"
            icon={<Download />}
            busy={pull.isPending}
            aria-label={t('catalogue.download_named', { name: entry.displayName })}
            onClick={() => pull.mutate({ id: entry.id }, { onError: failed })}
          >
            {t('catalogue.download')}
          </Button>
        )}
      </div>
    </li>
  );
}

/** Says nothing when all is well. */
function Fit({ fit }: { fit: CatalogueListing['fit'] }) {
  const { t } = useTranslation('models');
  const format = useFormat();
  if (fit.fits) return null;
  const reason = fit.reason === 'ok' ? 'memory' : fit.reason;
  return (
    <Badge tone="needs" dot>
      {t(`fit.${reason}`, {
        needed: format.size(fit.neededBytes),
        available: format.size(fit.availableBytes),
      })}
    </Badge>
  );
}
