// A model of the catalogue that is not here yet: what it is good for, its size, and a download that is one key away.
import { Command } from 'cmdk';
import Download from 'lucide-react/icons/download';
import { useTranslation } from 'react-i18next';
import type { CatalogueListing } from '../../../../../../contracts/catalogue.ts';
import { TaskProgress } from '../../../../components/task-progress.tsx';
import { toast } from '../../../../components/ui/toast.tsx';
import { useErrorText } from '../../../../lib/error-text.ts';
import { useFormat } from '../../../../lib/format.ts';
import { usePull } from '../../../../lib/mutations.ts';
import { useTasks } from '../../../../lib/queries.ts';
import { rowClass } from './row-class.ts';

export interface DownloadRowProps {
  listing: CatalogueListing;
  /** Messages may be sent at once: they wait until the model is here. */
  onChoose: (id: string) => void;
}

export function DownloadRow({ listing, onChoose }: DownloadRowProps) {
  const { t, i18n } = useTranslation('chat');
  const format = useFormat();
  const errorText = useErrorText();
  const tasks = useTasks().data;
  const pull = usePull();
  const { entry, fit } = listing;
  const taskId = listing.taskId ?? pull.data?.id ?? null;
  const task = tasks?.find((one) => one.id === taskId);
  const fetching = task !== undefined && (task.status === 'running' || task.status === 'queued');
  const summary = i18n.language === 'fr' ? entry.summary.fr : entry.summary.en;
  return (
    <Command.Item
      value={`${entry.displayName} ${entry.id}`}
      disabled={!fit.fits || pull.isPending}
      onSelect={() => {
        if (fetching) return onChoose(`local/${entry.id}`);
        pull.mutate(
          { id: entry.id },
          {
            onSuccess: () => onChoose(`local/${entry.id}`),
            onError: (error) =>
              toast({ title: errorText(error).title, detail: errorText(error).detail, tone: 'failed' }),
          },
        );
      }}
      className={rowClass}
    >
      <Download aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-quiet" />
      <span className="min-w-0 grow">
        <span className="flex justify-between gap-3">
          <span className="truncate">{entry.displayName}</span>
          {entry.sizeBytes === null ? null : (
            <span className="shrink-0 text-xs text-quiet tabular">{format.size(entry.sizeBytes)}</span>
          )}
        </span>
        {fetching ? (
          <TaskProgress task={task} className="mt-1" />
        ) : (
          <span className="block text-xs text-quiet">
            {fit.fits
              ? summary
              : t(`model.unfit.${fit.reason === 'ok' ? 'memory' : fit.reason}`, {
                  needed: format.size(fit.neededBytes),
                  available: format.size(fit.availableBytes),
                })}
          </span>
        )}
      </span>
    </Command.Item>
  );
}
