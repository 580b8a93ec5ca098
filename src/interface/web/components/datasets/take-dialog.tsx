// Puts a recorded answer into a dataset: which one, and what of the answer goes in. From a trace and from a chat alike.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, use, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../../contracts/dataset.ts';
import type { Trace } from '../../../../contracts/span.ts';
import { allWords } from '../../i18n/start.ts';
import { api } from '../../lib/api.ts';
import { asError } from '../../lib/error-text.ts';
import { bodyOf, exampleOfSpan, type SpanExample } from '../../lib/example-of-span.ts';
import { useDatasets } from '../../lib/learning.ts';
import { queryKeys } from '../../lib/query-keys.ts';
import { createDataset, useAddExample } from '../../lib/take-example.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { toast } from '../ui/toast.tsx';

export interface TakeDialogProps {
  traceId: string;
  spanId: string;
  onClose: () => void;
}

export function TakeDialog({ traceId, spanId, onClose }: TakeDialogProps) {
  // A chat stands on a page that begins with fewer words.
  use(allWords());
  const { t } = useTranslation(['datasets', 'common']);
  const form = useId();
  const datasets = useDatasets();
  const trace = useQuery({
    queryKey: queryKeys.trace(traceId),
    queryFn: ({ signal }) => api<Trace>(`/traces/${encodeURIComponent(traceId)}`, { signal }),
  });
  const span = trace.data?.spans.find((one) => one.spanId === spanId);
  const example =
    span && trace.data
      ? exampleOfSpan(
          span,
          trace.data.scores.filter((score) => score.spanId === spanId),
        )
      : null;
  const fitting = example ? (datasets.data ?? []).filter(({ kind }) => bodyOf(example, kind) !== null) : [];
  const error = trace.error ?? datasets.error;
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('take.title')}
      description={t('take.about')}
      actions={
        example ? (
          <>
            <Button look="quiet" onClick={onClose}>
              {t('common:cancel')}
            </Button>
            <Button look="primary" type="submit" form={form} busy={busy}>
              {t('take.add')}
            </Button>
          </>
        ) : null
      }
    >
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void trace.refetch();
            void datasets.refetch();
          }}
        />
      ) : trace.isPending || datasets.isPending ? (
        <SkeletonRows rows={3} label={t('common:loading')} />
      ) : example === null ? (
        <p className="text-sm text-quiet">{t('take.empty')}</p>
      ) : (
        <TakeForm
          form={form}
          example={example}
          from={{ traceId, spanId }}
          fitting={fitting}
          onBusy={setBusy}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

const NEW = 'new';

function TakeForm({
  form,
  example,
  from,
  fitting,
  onBusy,
  onClose,
}: {
  form: string;
  example: SpanExample;
  from: { traceId: string; spanId: string };
  fitting: readonly Dataset[];
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('datasets');
  const navigate = useNavigate();
  const add = useAddExample();
  const [chosen, setChosen] = useState(fitting[0]?.id ?? NEW);
  const [name, setName] = useState(() => t('take.new_default'));
  const [error, setError] = useState<unknown>(null);
  const dataset = fitting.find(({ id }) => id === chosen);
  const body = bodyOf(example, dataset?.kind ?? 'chat');

  const save = async () => {
    if (body === null || (!dataset && name.trim() === '')) return;
    onBusy(true);
    setError(null);
    try {
      const into = dataset ?? (await createDataset({ name: name.trim(), kind: 'chat' }));
      await add.mutateAsync({ datasetId: into.id, body, from });
      onClose();
      toast({
        title: t('take.added', { name: into.name }),
        action: {
          label: t('take.open'),
          onSelect: () => void navigate({ to: '/improve/datasets/$id', params: { id: into.id } }),
        },
      });
    } catch (refused) {
      setError(refused);
    } finally {
      onBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };
  const { code, data } = error ? asError(error) : { code: '', data: {} as Record<string, unknown> };
  const told =
    code === 'conflict' && data.code === 'known'
      ? t('take.known')
      : code === 'conflict' && data.code === 'duplicate'
        ? t('take.duplicate', { name: String(data.evaluationSet) })
        : null;
  return (
    <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
      <Field label={t('take.dataset')} error={told}>
        {(control) => (
          <Select
            {...control}
            value={chosen}
            onChange={(value) => {
              setError(null);
              setChosen(value);
            }}
            options={[
              ...fitting.map(({ id, name: label, kind, purpose }) => ({
                value: id,
                label,
                hint: `${t(`kind.${kind}`)}, ${t(`purpose.${purpose}`)}`,
              })),
              { value: NEW, label: t('take.make') },
            ]}
          />
        )}
      </Field>
      {dataset ? null : (
        <Field label={t('take.new_name')} hint={t('kind_about.chat')}>
          {(control) => (
            <Input
              {...control}
              value={name}
              maxLength={120}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      )}
      {body ? <Preview example={example} preference={body.kind === 'preference'} /> : null}
      {error && told === null ? <ErrorState error={error} /> : null}
    </form>
  );
}

function Preview({ example, preference }: { example: SpanExample; preference: boolean }) {
  const { t } = useTranslation('datasets');
  const rows = preference
    ? ([
        ['chosen', example.correction ?? ''],
        ['rejected', example.answer],
      ] as const)
    : ([['assistant', example.correction ?? example.answer]] as const);
  return (
    <dl className="flex flex-col gap-2 rounded-md bg-sunken px-3.5 py-2.5 text-sm">
      {([['user', example.messages.at(-1)?.content ?? ''], ...rows] as const).map(([word, text]) => (
        <div key={word}>
          <dt className="text-xs text-quiet">{t(`example.${word}`)}</dt>
          <dd className="line-clamp-3 break-words whitespace-pre-wrap">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
