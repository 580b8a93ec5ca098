// Adds or changes a provider: first its kind, then what that kind needs, and a test that says what answered and how fast.
import ArrowLeft from 'lucide-react/icons/arrow-left';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Provider, ProviderKind, ProviderKindInfo } from '../../../../../contracts/provider.ts';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { origins } from '../../../lib/discovery.ts';
import { useProviderKinds, useSaveProvider, useTryProvider } from '../api/providers.ts';
import { useKindName } from '../lib/kind-name.ts';
import { draftOf, emptyDraft, type ProviderDraft, readDraft } from '../lib/provider-draft.ts';
import { KindCards } from './kind-cards.tsx';
import { ProviderFields } from './provider-fields.tsx';
import { TestResult } from './test-result.tsx';

export interface ProviderDialogProps {
  /** The provider to change; absent: a new one. */
  provider?: Provider;
  /** What is known of a new one. */
  start?: { name: string; baseUrl: string };
  onOpenChange: (open: boolean) => void;
  onSaved?: (provider: Provider) => void;
}

function firstDraft({ provider, start }: ProviderDialogProps): ProviderDraft | null {
  if (provider) return draftOf(provider);
  if (!start) return null;
  const kind: ProviderKind = start.name === origins.ollama ? 'ollama' : 'openai-compatible';
  return { ...emptyDraft(kind), name: start.name, address: start.baseUrl };
}

export function ProviderDialog(props: ProviderDialogProps) {
  const { provider, start, onOpenChange } = props;
  const { t } = useTranslation(['models', 'common']);
  const [draft, setDraft] = useState(() => firstDraft(props));
  const kinds = useProviderKinds();
  const info = kinds.data?.find(({ kind }) => kind === draft?.kind);
  if (draft && info)
    return (
      <Form
        {...props}
        info={info}
        draft={draft}
        onDraft={setDraft}
        onBack={provider || start ? null : () => setDraft(null)}
      />
    );
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      width="wide"
      title={t('endpoint.add')}
      description={t('provider.which')}
    >
      {kinds.error ? <ErrorState error={kinds.error} onRetry={() => void kinds.refetch()} /> : null}
      {!kinds.data && !kinds.error ? <SkeletonRows rows={4} label={t('common:loading')} /> : null}
      {kinds.data && !draft ? (
        <KindCards kinds={kinds.data} onPick={(kind) => setDraft(emptyDraft(kind))} />
      ) : null}
    </Dialog>
  );
}

interface FormProps extends ProviderDialogProps {
  info: ProviderKindInfo;
  draft: ProviderDraft;
  onDraft: (draft: ProviderDraft) => void;
  onBack: (() => void) | null;
}

function Form({ provider, info, draft, onDraft, onBack, onOpenChange, onSaved }: FormProps) {
  const { t } = useTranslation(['models', 'common']);
  const kindName = useKindName();
  const [tried, setTried] = useState(false);
  const save = useSaveProvider();
  const attempt = useTryProvider();
  const read = readDraft(draft, info, provider?.hasKey ?? false);

  const test = () => {
    setTried(true);
    // A stored key never leaves the server: the id lets the server use it for the trial.
    if (read.ok) attempt.mutate({ ...read.input, ...(provider ? { id: provider.id } : {}) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!read.ok) return;
    save.mutate(
      { id: provider?.id ?? null, input: read.input },
      {
        onSuccess: (saved) => {
          onOpenChange(false);
          onSaved?.(saved);
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={provider ? t('endpoint.edit') : t('provider.add_kind', { name: kindName(draft.kind) })}
      description={t(`provider.about.${draft.kind}`)}
      actions={
        <>
          {onBack ? (
            <Button look="quiet" icon={<ArrowLeft />} onClick={onBack} className="mr-auto">
              {t('common:back')}
            </Button>
          ) : null}
          <Button onClick={test} busy={attempt.isPending}>
            {t('endpoint.test')}
          </Button>
          <Button look="primary" type="submit" form="provider" busy={save.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="provider" onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <ProviderFields
          draft={draft}
          info={info}
          hasKey={provider?.hasKey ?? false}
          faults={tried && !read.ok ? read.faults : []}
          onChange={(change) => {
            onDraft({ ...draft, ...change });
            attempt.reset();
          }}
        />
        {attempt.data ? <TestResult result={attempt.data} /> : null}
        {attempt.error ? <ErrorState error={attempt.error} /> : null}
        {save.error ? <ErrorState error={save.error} /> : null}
      </form>
    </Dialog>
  );
}
