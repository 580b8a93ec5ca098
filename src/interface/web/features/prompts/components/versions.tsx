// Every version with its note and labels, and the difference of any two.
import Pencil from 'lucide-react/icons/pencil';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prompt, PromptVersion } from '../../../../../contracts/prompt.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useVersions } from '../api/prompts.ts';
import { LabelChips } from './label-chips.tsx';
import { VersionDiff } from './version-diff.tsx';

export function Versions({ prompt, onOpen }: { prompt: Prompt; onOpen: (version: PromptVersion) => void }) {
  const { t } = useTranslation(['prompts', 'common']);
  const format = useFormat();
  const found = useVersions(prompt.id);
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <SkeletonRows rows={4} label={t('common:loading')} />;
  return (
    <>
      <Rows label={t('view.versions', { count: found.data.length })}>
        {found.data.map((version) => (
          <li key={version.version} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
            <span className="text-sm font-semibold tabular">
              {t('version', { version: version.version })}
            </span>
            <span className="min-w-0 grow basis-40 text-sm break-words text-quiet">
              {version.note || t('no_note')}
            </span>
            <LabelChips prompt={prompt} version={version.version} versions={found.data} />
            <span className="text-xs text-quiet tabular">{format.moment(version.createdAt)}</span>
            <Button
              size="small"
              look="quiet"
              icon={<Pencil />}
              aria-label={t('open_version', { version: version.version })}
              onClick={() => onOpen(version)}
            >
              {t('open')}
            </Button>
          </li>
        ))}
      </Rows>
      <Compare versions={found.data} />
    </>
  );
}

function Compare({ versions }: { versions: readonly PromptVersion[] }) {
  const { t } = useTranslation('prompts');
  const [newest, earlier] = versions;
  const [before, setBefore] = useState(String((earlier ?? newest)?.version ?? ''));
  const [after, setAfter] = useState(String(newest?.version ?? ''));
  const of = (number: string) => versions.find(({ version }) => String(version) === number);
  const from = of(before);
  const to = of(after);
  if (versions.length < 2) return <p className="mt-6 text-sm text-quiet">{t('diff.one')}</p>;
  const options = versions.map(({ version, note }) => ({
    value: String(version),
    label: t('version', { version }),
    ...(note ? { hint: note } : {}),
  }));
  return (
    <div className="mt-8">
      <Section title={t('diff.title')}>
        <div className="mb-4 flex flex-wrap items-center gap-2 text-sm">
          <div className="w-40">
            <Select label={t('diff.before')} value={before} options={options} onChange={setBefore} />
          </div>
          <span aria-hidden="true">→</span>
          <div className="w-40">
            <Select label={t('diff.after')} value={after} options={options} onChange={setAfter} />
          </div>
        </div>
        {from && to ? <VersionDiff before={from} after={to} /> : null}
      </Section>
    </div>
  );
}
