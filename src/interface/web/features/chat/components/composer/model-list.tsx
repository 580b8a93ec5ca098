// The models to choose from, searched by typing: those that can answer now, and those that can be downloaded.
import { Command } from 'cmdk';
import Check from 'lucide-react/icons/check';
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../../../../../contracts/model.ts';
import { usePlaceText } from '../../../../components/place-sign.tsx';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { useCatalogue, useModels } from '../../../../lib/queries.ts';
import { PlaceIcon } from '../place-icon.tsx';
import { DownloadRow } from './download-row.tsx';
import { rowClass } from './row-class.ts';

const groups = ['local', 'remote', 'scripted'] as const;
const groupClass =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-quiet';

export interface ModelListProps {
  current: string | null;
  onChoose: (id: string) => void;
}

export function ModelList({ current, onChoose }: ModelListProps) {
  const { t } = useTranslation(['chat', 'common']);
  const models = useModels();
  const catalogue = useCatalogue();
  if (models.isPending) return <SkeletonRows rows={4} label={t('common:loading')} />;
  if (models.isError) return <ErrorState error={models.error} onRetry={() => models.refetch()} />;
  const chat = models.data.models.filter((model) => model.kind === 'chat');
  const offers = (catalogue.data ?? []).filter((row) => row.entry.kind === 'chat' && !row.installed);
  return (
    <Command label={t('model.choose')} className="flex max-h-[min(28rem,70dvh)] flex-col">
      <Command.Input
        autoFocus
        placeholder={t('model.search')}
        className="h-10 w-full shrink-0 border-b border-line bg-transparent px-3.5 text-sm outline-none"
      />
      <Command.List className="overflow-y-auto p-1">
        <Command.Empty className="px-2.5 py-6 text-center text-sm text-quiet">
          {t('model.no_match')}
        </Command.Empty>
        {groups.map((kind) => {
          const rows = chat.filter((model) => model.place.kind === kind);
          if (rows.length === 0) return null;
          return (
            <Command.Group key={kind} heading={t(`model.group.${kind}`)} className={groupClass}>
              {rows.map((model) => (
                <ModelRow key={model.id} model={model} current={model.id === current} onChoose={onChoose} />
              ))}
            </Command.Group>
          );
        })}
        {offers.length > 0 ? (
          <Command.Group heading={t('model.group.offers')} className={groupClass}>
            {offers.map((listing) => (
              <DownloadRow key={listing.entry.id} listing={listing} onChoose={onChoose} />
            ))}
          </Command.Group>
        ) : null}
      </Command.List>
    </Command>
  );
}

interface ModelRowProps {
  model: ModelInfo;
  current: boolean;
  onChoose: (id: string) => void;
}

function ModelRow({ model, current, onChoose }: ModelRowProps) {
  const { t } = useTranslation(['chat', 'common']);
  const format = useFormat();
  const place = usePlaceText();
  const out = model.state === 'unreachable' || model.state === 'failed';
  const facts = [
    out ? t(`model.state.${model.state === 'failed' ? 'failed' : 'unreachable'}`) : null,
    model.state === 'loaded' && model.place.kind === 'local' ? t('model.state.loaded') : null,
    model.place.kind === 'remote' ? place(model.place) : null,
    model.contextLength === null ? null : t('model.context', { total: format.whole(model.contextLength) }),
    model.sizeBytes === null ? null : format.size(model.sizeBytes),
  ].filter((fact) => fact !== null);
  return (
    <Command.Item
      value={`${model.displayName} ${model.id}`}
      disabled={out}
      onSelect={() => onChoose(model.id)}
      className={rowClass}
    >
      <PlaceIcon place={model.place} className="mt-0.5 size-4 shrink-0 text-quiet" />
      <span className="min-w-0 grow">
        <span className="block truncate">{model.displayName}</span>
        <span className="block text-xs text-quiet">{facts.join(' · ')}</span>
      </span>
      {current ? (
        <>
          <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
          <span className="sr-only">{t('model.current')}</span>
        </>
      ) : null}
    </Command.Item>
  );
}
