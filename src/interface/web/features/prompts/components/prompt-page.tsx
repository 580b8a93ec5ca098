// A prompt: edited, tried on models, compared over its versions, used from code.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pencil from 'lucide-react/icons/pencil';
import Save from 'lucide-react/icons/save';
import Trash2 from 'lucide-react/icons/trash-2';
import Undo2 from 'lucide-react/icons/undo-2';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Prompt, variablesOf } from '../../../../../contracts/prompt.ts';
import { CodeSamples } from '../../../components/code-samples.tsx';
import { Page } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useRights } from '../../../lib/session.ts';
import { usePrompt } from '../api/prompts.ts';
import { codeOfPrompt } from '../lib/code-of-prompt.ts';
import { bodyOf, type Kept, loadKept, sameBody, storeKept } from '../lib/draft.ts';
import type { PromptView } from '../search.ts';
import { PromptEditor } from './prompt-editor.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { Try } from './try.tsx';
import { useDeletePrompt } from './use-delete-prompt.ts';
import { Versions } from './versions.tsx';

export function PromptPage({ name }: { name: string }) {
  const { t } = useTranslation('common');
  const found = usePrompt(name);
  if (found.data) return <Open key={found.data.id} prompt={found.data} />;
  return (
    <Page title={name} above={<Back />}>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonRows rows={5} label={t('loading')} />
      )}
    </Page>
  );
}

function Back() {
  const { t } = useTranslation('prompts');
  return (
    <Link
      to="/improve/prompts"
      className="mb-2 inline-flex items-center gap-1.5 text-sm text-quiet hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {t('title')}
    </Link>
  );
}

function Open({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation(['prompts', 'common']);
  const navigate = useNavigate();
  const view: PromptView = useSearch({ from: '/improve/prompts/$name' }).view ?? 'edit';
  const [kept, setKept] = useState<Kept>(() => loadKept(prompt.id, prompt.latest.model ?? 'default'));
  useEffect(() => storeKept(prompt.id, kept), [prompt.id, kept]);
  const [dialog, setDialog] = useState<'save' | 'rename' | null>(null);
  const remove = useDeletePrompt(() => void navigate({ to: '/improve/prompts' }));
  const mayChange = useRights().may('prompts');
  const change = (part: Partial<Kept>) => setKept((now) => ({ ...now, ...part }));

  const newest = bodyOf(prompt.latest);
  const body = kept.draft ?? newest;
  const changed = kept.draft !== null && !sameBody(kept.draft, newest);
  const variables = variablesOf(body.messages);
  const show = (next: PromptView) =>
    void navigate({
      to: '/improve/prompts/$name',
      params: { name: prompt.name },
      search: next === 'edit' ? {} : { view: next },
      replace: true,
    });
  return (
    <Page
      wide
      title={prompt.name}
      above={<Back />}
      lead={
        <>
          {prompt.description ? <p>{prompt.description}</p> : null}
          <p className="mt-1 flex flex-wrap items-center gap-1.5">
            <span className="tabular">{t('version', { version: prompt.latest.version })}</span>
            {Object.entries(prompt.labels).map(([label, version]) => (
              <Badge key={label} tone="accent">
                {t('label_on', { label, version })}
              </Badge>
            ))}
            {changed ? (
              <Badge tone="needs" dot>
                {t('unsaved')}
              </Badge>
            ) : null}
          </p>
        </>
      }
      action={
        mayChange ? (
          <>
            {changed ? (
              <Button className="max-sm:hidden" onClick={() => change({ draft: null })}>
                {t('discard')}
              </Button>
            ) : null}
            <Button look="primary" icon={<Save />} disabled={!changed} onClick={() => setDialog('save')}>
              <span className="max-sm:hidden">{t('save_as', { version: prompt.latest.version + 1 })}</span>
              <span className="sm:hidden">{t('common:save')}</span>
            </Button>
            <Menu
              trigger={<IconButton label={t('common:more')} icon={<Ellipsis />} />}
              items={[
                {
                  label: t('discard'),
                  icon: <Undo2 />,
                  disabled: !changed,
                  onSelect: () => change({ draft: null }),
                },
                { label: t('rename.title'), icon: <Pencil />, onSelect: () => setDialog('rename') },
                null,
                { label: t('common:delete'), icon: <Trash2 />, danger: true, onSelect: () => remove(prompt) },
              ]}
            />
          </>
        ) : null
      }
    >
      <Tabs
        label={t('views')}
        value={view}
        onChange={show}
        tabs={[
          {
            value: 'edit',
            label: t('view.edit'),
            content: (
              <PromptEditor
                body={body}
                values={kept.values}
                onBody={(draft) => change({ draft })}
                onValues={(values) => change({ values })}
              />
            ),
          },
          {
            value: 'try',
            label: t('view.try'),
            content: (
              <Try
                prompt={prompt}
                body={body}
                changed={changed}
                values={kept.values}
                columns={kept.columns}
                onValues={(values) => change({ values })}
                onColumns={(columns) => change({ columns })}
              />
            ),
          },
          {
            value: 'versions',
            label: t('view.versions', { count: prompt.versions }),
            content: (
              <Versions
                prompt={prompt}
                onOpen={(version) => {
                  change({ draft: bodyOf(version) });
                  show('edit');
                }}
              />
            ),
          },
          {
            value: 'code',
            label: t('view.code'),
            content: (
              <CodeSamples
                lead={t('code')}
                samples={codeOfPrompt(
                  { name: prompt.name, latest: { variables, model: body.model } },
                  kept.values,
                  location.origin,
                )}
              />
            ),
          },
        ]}
      />
      {dialog === 'save' ? (
        <SaveDialog
          prompt={prompt}
          body={body}
          onClose={() => setDialog(null)}
          onSaved={() => change({ draft: null })}
        />
      ) : null}
      {dialog === 'rename' ? <RenameDialog prompt={prompt} onClose={() => setDialog(null)} /> : null}
    </Page>
  );
}
