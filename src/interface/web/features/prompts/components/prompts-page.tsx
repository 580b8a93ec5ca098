// The prompts of the house: searched, opened, made.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import FilePen from 'lucide-react/icons/file-pen-line';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prompt } from '../../../../../contracts/prompt.ts';
import { ImproveNav } from '../../../components/improve-nav.tsx';
import { Page, Rows } from '../../../components/page.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { EmptyState } from '../../../components/ui/empty-state.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { matchesPrompt, usePrompts } from '../../../lib/prompts.ts';
import { useRights } from '../../../lib/session.ts';
import { NewPromptDialog } from './new-prompt-dialog.tsx';

export function PromptsPage() {
  const { t } = useTranslation(['prompts', 'common']);
  const { q = '' } = useSearch({ from: '/improve/prompts' });
  const navigate = useNavigate();
  const prompts = usePrompts();
  const [making, setMaking] = useState(false);
  const wanted = q.trim().toLowerCase();
  const found = (prompts.data ?? []).filter((one) => matchesPrompt(one, wanted));
  const mayMake = useRights().may('prompts');
  const make = mayMake ? (
    <Button look="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      {t('new')}
    </Button>
  ) : null;
  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      above={<ImproveNav />}
      action={prompts.data?.length ? make : null}
    >
      {prompts.data?.length ? (
        <Input
          type="search"
          className="mb-4"
          aria-label={t('search')}
          placeholder={t('search')}
          value={q}
          onChange={(event) =>
            void navigate({
              to: '/improve/prompts',
              search: event.target.value === '' ? {} : { q: event.target.value },
              replace: true,
            })
          }
        />
      ) : null}
      {prompts.error ? (
        <ErrorState error={prompts.error} onRetry={() => void prompts.refetch()} />
      ) : prompts.isPending ? (
        <SkeletonRows rows={4} label={t('common:loading')} />
      ) : prompts.data.length === 0 ? (
        <EmptyState icon={<FilePen />} title={t('empty.title')} text={t('empty.text')} action={make} />
      ) : found.length === 0 ? (
        <p className="py-8 text-center text-sm text-quiet">{t('none_found', { query: q })}</p>
      ) : (
        <Rows label={t('title')}>
          {found.map((prompt) => (
            <PromptRow key={prompt.id} prompt={prompt} />
          ))}
        </Rows>
      )}
      {making ? <NewPromptDialog onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}

function PromptRow({ prompt }: { prompt: Prompt }) {
  const { t } = useTranslation('prompts');
  const format = useFormat();
  return (
    <li>
      <Link
        to="/improve/prompts/$name"
        params={{ name: prompt.name }}
        className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3 hover:bg-sunken"
      >
        <span className="font-mono text-sm font-semibold">{prompt.name}</span>
        <span className="min-w-0 grow basis-40 truncate text-sm text-quiet">{prompt.description}</span>
        {Object.entries(prompt.labels).map(([label, version]) => (
          <Badge key={label} tone="accent">
            {t('label_on', { label, version })}
          </Badge>
        ))}
        <span className="text-xs text-quiet tabular">
          {t('changed', { version: prompt.latest.version, when: format.ago(prompt.updatedAt) })}
        </span>
      </Link>
    </li>
  );
}
