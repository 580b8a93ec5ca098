// The Models door: what answers, what is on this machine, what is elsewhere, and what can be had.
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import FileInput from 'lucide-react/icons/file-input';
import FlaskConical from 'lucide-react/icons/flask-conical';
import Plug from 'lucide-react/icons/plug';
import Plus from 'lucide-react/icons/plus';
import Store from 'lucide-react/icons/store';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page, Section } from '../../../components/page.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { useDiscovery } from '../../../lib/discovery.ts';
import { useModels } from '../../../lib/queries.ts';
import { useRights } from '../../../lib/session.ts';
import { useCatalogue } from '../api/catalogue.ts';
import { useProviders } from '../api/providers.ts';
import { Aliases } from './aliases.tsx';
import { Catalogue } from './catalogue.tsx';
import { Found } from './found.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { LocalModels } from './local-models.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import { Providers } from './providers.tsx';
import { ScriptedModels } from './scripted-models.tsx';

interface Read<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** Skeleton, error with a retry, or the content. */
function Shown<T>({
  read,
  rows,
  children,
}: {
  read: Read<T>;
  rows: number;
  children: (data: T) => ReactNode;
}) {
  const { t } = useTranslation('common');
  if (read.data !== undefined) return children(read.data);
  if (read.error) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />;
  return <SkeletonRows rows={rows} label={t('loading')} />;
}

export function ModelsPage() {
  const { t } = useTranslation(['models', 'common', 'shell']);
  const navigate = useNavigate();
  const { add } = useSearch({ from: '/models' });
  const [start, setStart] = useState<{ name: string; baseUrl: string }>();
  const models = useModels();
  const { may } = useRights();
  const providers = useProviders(may('providersSeen'));
  const catalogue = useCatalogue();
  const discovery = useDiscovery(may('models'));

  const open = (what: 'endpoint' | 'file' | null) =>
    void navigate({ to: '/models', search: what ? { add: what } : {}, replace: true });
  const addEndpoint = (known?: { name: string; baseUrl: string }) => {
    setStart(known);
    open('endpoint');
  };
  // Ollama's own address and that of its OpenAI wire are one.
  const plain = (address: string) => address.replace(/\/v1$/, '');
  const known = new Set((providers.data ?? []).map((provider) => plain(provider.baseUrl)));
  const found = discovery.data && {
    ...discovery.data,
    endpoints: discovery.data.endpoints.filter((endpoint) => !known.has(plain(endpoint.baseUrl))),
  };
  const scripted = (models.data?.models ?? []).filter((model) => model.place.kind === 'scripted');

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        <>
          <Link to="/playground" className={buttonClass('secondary', 'medium')}>
            <FlaskConical aria-hidden="true" />
            <span className="max-sm:sr-only">{t('shell:playground')}</span>
          </Link>
          {may('models') ? (
            <Menu
              trigger={
                <Button look="primary" icon={<Plus />}>
                  {t('add')}
                </Button>
              }
              items={[
                {
                  label: t('add_from_catalogue'),
                  icon: <Store />,
                  onSelect: () => document.getElementById('catalogue')?.scrollIntoView(),
                },
                ...(may('providers')
                  ? [{ label: t('endpoint.add'), icon: <Plug />, onSelect: () => addEndpoint() }]
                  : []),
                { label: t('import.title'), icon: <FileInput />, onSelect: () => open('file') },
              ]}
            />
          ) : null}
        </>
      }
    >
      <Section title={t('local.title')} lead={t('local.lead')}>
        <Shown read={models} rows={2}>
          {(list) => (
            <LocalModels
              models={list.models.filter((model) => model.provider === 'local')}
              defaultId={list.default}
            />
          )}
        </Shown>
      </Section>
      {found && found.files.length + found.endpoints.length > 0 ? (
        <Section title={t('found.title')} lead={t('found.lead')}>
          <Found discovery={found} onAddEndpoint={addEndpoint} />
        </Section>
      ) : null}
      {may('providersSeen') ? (
        <Section title={t('endpoints.title')} lead={t('endpoints.lead')}>
          <Shown read={providers} rows={1}>
            {(list) => (
              <Providers
                providers={list}
                defaultId={models.data?.default ?? null}
                onAdd={() => addEndpoint()}
              />
            )}
          </Shown>
        </Section>
      ) : null}
      <Section id="catalogue" title={t('catalogue.title')} lead={t('catalogue.lead')}>
        <Shown read={catalogue} rows={4}>
          {(listings) => <Catalogue listings={listings} />}
        </Shown>
      </Section>
      <Section title={t('aliases.title')} lead={t('aliases.lead')}>
        <Shown read={models} rows={1}>
          {(list) => <Aliases list={list} />}
        </Shown>
      </Section>
      {scripted.length > 0 ? (
        <Section title={t('scripted.title')} lead={t('scripted.lead')}>
          <ScriptedModels models={scripted} />
        </Section>
      ) : null}
      {add === 'endpoint' ? (
        <ProviderDialog {...(start ? { start } : {})} onOpenChange={(isOpen) => !isOpen && open(null)} />
      ) : null}
      {add === 'file' ? <ImportDialog onOpenChange={(isOpen) => !isOpen && open(null)} /> : null}
    </Page>
  );
}
