// Models on this machine: what each is, which one answers, and how to take one off.
import Copy from 'lucide-react/icons/copy';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Trash2 from 'lucide-react/icons/trash-2';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelInfo } from '../../../../../contracts/model.ts';
import { ConfirmByName } from '../../../components/confirm-by-name.tsx';
import { Rows } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useCopy } from '../../../components/use-copy.ts';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import { useSetAlias } from '../../../lib/mutations.ts';
import { useRights } from '../../../lib/session.ts';
import { useRemoveModel } from '../api/remove-model.ts';
import { ModelFacts } from './model-facts.tsx';
import { StateBadge } from './state-badge.tsx';

export interface LocalModelsProps {
  models: readonly ModelInfo[];
  defaultId: string | null;
}

export function LocalModels({ models, defaultId }: LocalModelsProps) {
  const { t } = useTranslation(['models', 'common']);
  const copy = useCopy();
  const format = useFormat();
  const say = useErrorText();
  const setAlias = useSetAlias();
  const remove = useRemoveModel();
  const [leaving, setLeaving] = useState<ModelInfo | null>(null);

  const { may } = useRights();
  const mayAnswer = (model: ModelInfo) =>
    may('providers') && model.kind === 'chat' && model.state !== 'failed' && model.id !== defaultId;

  if (models.length === 0) return <EmptyState title={t('local.empty')} text={t('local.empty_text')} />;
  return (
    <>
      <Rows label={t('local.title')}>
        {models.map((model) => (
          <li key={model.id} className="flex items-start gap-3 px-4 py-3">
            <div className="min-w-0 grow">
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="font-semibold">{model.displayName}</span>
                <StateBadge state={model.state} />
                {model.id === defaultId ? <Badge tone="accent">{t('default')}</Badge> : null}
                {model.kind === 'embedding' ? <Badge>{t('kind.embedding')}</Badge> : null}
              </div>
              <div className="mt-1">
                <ModelFacts facts={model} />
              </div>
              {model.error ? <p className="mt-1 text-xs text-failed">{say(model.error).title}</p> : null}
            </div>
            <div className="flex shrink-0 items-center gap-1">
              {mayAnswer(model) ? (
                <Button
                  size="small"
                  look="quiet"
                  className="max-sm:hidden"
                  busy={setAlias.isPending && setAlias.variables.model === model.id}
                  onClick={() => setAlias.mutate({ alias: 'default', model: model.id })}
                >
                  {t('make_default')}
                </Button>
              ) : null}
              <Menu
                trigger={
                  <IconButton
                    label={t('actions', { name: model.displayName })}
                    icon={<Ellipsis />}
                    size="small"
                  />
                }
                items={[
                  ...(mayAnswer(model)
                    ? [
                        {
                          label: t('make_default'),
                          onSelect: () => setAlias.mutate({ alias: 'default', model: model.id }),
                        },
                      ]
                    : []),
                  {
                    label: t('copy_id'),
                    icon: <Copy />,
                    onSelect: () => copy(model.id),
                  },
                  ...(may('models')
                    ? [
                        null,
                        {
                          label: t('common:remove'),
                          icon: <Trash2 />,
                          danger: true,
                          onSelect: () => {
                            remove.reset();
                            setLeaving(model);
                          },
                        },
                      ]
                    : []),
                ]}
              />
            </div>
          </li>
        ))}
      </Rows>
      {leaving ? (
        <ConfirmByName
          open
          onOpenChange={(open) => !open && setLeaving(null)}
          title={t('remove.title', { name: leaving.displayName })}
          text={t('remove.text', { size: leaving.sizeBytes === null ? '' : format.size(leaving.sizeBytes) })}
          name={leaving.displayName}
          verb={t('common:remove')}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() =>
            remove.mutate(leaving.id, {
              onSuccess: () => {
                setLeaving(null);
                toast({ title: t('remove.done', { name: leaving.displayName }) });
              },
            })
          }
        />
      ) : null}
    </>
  );
}
