// How much may come in a minute, and for whom. Empty: no limit of that kind.
import Plus from 'lucide-react/icons/plus';
import Trash2 from 'lucide-react/icons/trash-2';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RateLimit, Subject } from '../../../../../contracts/access.ts';
import { Rows, Section } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Dialog } from '../../../components/ui/dialog.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Field } from '../../../components/ui/field.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Input } from '../../../components/ui/input.tsx';
import { SkeletonRows } from '../../../components/ui/skeleton.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useFormat } from '../../../lib/format.ts';
import { useLimits, useRemoveLimit, useSetLimit } from '../api/budgets.ts';
import { parseTokens } from '../lib/amount.ts';
import { useSubjectText } from '../lib/use-subjects.ts';
import { SubjectFields } from './subject-fields.tsx';

export function Limits({ mayChange }: { mayChange: boolean }) {
  const { t } = useTranslation(['access', 'common']);
  const format = useFormat();
  const subjectText = useSubjectText();
  const { data, error, refetch } = useLimits();
  const [editing, setEditing] = useState<RateLimit | 'new' | null>(null);
  const set = useSetLimit();
  const remove = useRemoveLimit();
  const takeBack = (limit: RateLimit) =>
    remove.mutate(limit.subject, {
      onSuccess: () =>
        toast({
          title: t('limits.removed', { name: subjectText(limit.subject) }),
          action: { label: t('common:undo'), onSelect: () => set.mutate(limit) },
        }),
    });
  return (
    <Section
      title={t('limits.title')}
      lead={t('limits.lead')}
      action={
        mayChange ? (
          <Button icon={<Plus />} onClick={() => setEditing('new')}>
            {t('limits.add')}
          </Button>
        ) : null
      }
    >
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error ? <SkeletonRows rows={1} label={t('common:loading')} /> : null}
      {remove.error ? <ErrorState error={remove.error} className="mb-3" /> : null}
      {data?.length === 0 ? <p className="text-sm text-quiet">{t('limits.none')}</p> : null}
      {data && data.length > 0 ? (
        <Rows label={t('limits.title')}>
          {data.map((limit) => {
            const name = subjectText(limit.subject);
            return (
              <li
                key={`${limit.subject.kind} ${limit.subject.id}`}
                className="flex items-center gap-3 px-4 py-2.5"
              >
                <span className="min-w-0 grow">
                  <span className="font-semibold">{name}</span>
                  <span className="tabular block text-xs text-quiet">
                    {[
                      limit.requestsPerMinute === null
                        ? null
                        : t('limits.requests', { n: format.whole(limit.requestsPerMinute) }),
                      limit.tokensPerMinute === null
                        ? null
                        : t('limits.tokens', { n: format.whole(limit.tokensPerMinute) }),
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </span>
                </span>
                {mayChange ? (
                  <>
                    <Button size="small" look="quiet" onClick={() => setEditing(limit)}>
                      {t('common:edit')}
                    </Button>
                    <IconButton
                      label={t('limits.remove', { name })}
                      icon={<Trash2 />}
                      size="small"
                      onClick={() => takeBack(limit)}
                    />
                  </>
                ) : null}
              </li>
            );
          })}
        </Rows>
      ) : null}
      {editing ? (
        <LimitDialog {...(editing === 'new' ? {} : { limit: editing })} onClose={() => setEditing(null)} />
      ) : null}
    </Section>
  );
}

function LimitDialog({ limit, onClose }: { limit?: RateLimit; onClose: () => void }) {
  const { t } = useTranslation(['access', 'common']);
  const [subject, setSubject] = useState<Subject>(limit?.subject ?? { kind: 'everyone', id: '' });
  const [requests, setRequests] = useState(String(limit?.requestsPerMinute ?? ''));
  const [tokens, setTokens] = useState(String(limit?.tokensPerMinute ?? ''));
  const [tried, setTried] = useState(false);
  const set = useSetLimit();
  const read = (text: string) => (text.trim() === '' ? null : (parseTokens(text) ?? Number.NaN));
  const wrong = (text: string) => {
    const value = read(text);
    return value !== null && !(value > 0);
  };
  const nothing = requests.trim() === '' && tokens.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (nothing || wrong(requests) || wrong(tokens)) return;
    set.mutate(
      { subject, requestsPerMinute: read(requests), tokensPerMinute: read(tokens) },
      { onSuccess: onClose },
    );
  };
  const field = (label: string, text: string, change: (text: string) => void) => (
    <Field
      label={label}
      error={tried && wrong(text) ? t('amount_wrong') : tried && nothing ? t('limits.one_needed') : null}
    >
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          autoComplete="off"
          className="tabular"
          value={text}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('limits.add')}
      description={t('limits.lead')}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('common:cancel')}
          </Button>
          <Button look="primary" type="submit" form="limit" busy={set.isPending}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <form id="limit" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <SubjectFields value={subject} onChange={setSubject} disabled={limit !== undefined} />
        <div className="grid grid-cols-2 gap-4">
          {field(t('limits.requests_label'), requests, setRequests)}
          {field(t('limits.tokens_label'), tokens, setTokens)}
        </div>
        {set.error ? <ErrorState error={set.error} /> : null}
      </form>
    </Dialog>
  );
}
