// One example whole: its words, where it comes from, whether its person agreed, and what can be done with it.
import { Link } from '@tanstack/react-router';
import Check from 'lucide-react/icons/check';
import Ellipsis from 'lucide-react/icons/ellipsis';
import EyeOff from 'lucide-react/icons/eye-off';
import Pencil from 'lucide-react/icons/pencil';
import Trash2 from 'lucide-react/icons/trash-2';
import Undo2 from 'lucide-react/icons/undo-2';
import X from 'lucide-react/icons/x';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { type Example, splits } from '../../../../../contracts/dataset.ts';
import { Button } from '../../../components/ui/button.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { Select } from '../../../components/ui/select.tsx';
import { useFormat } from '../../../lib/format.ts';
import { countTypes } from '../lib/mark-findings.ts';
import { ExampleContent } from './example-content.tsx';
import { ExampleStatus } from './example-status.tsx';
import { useTypeWord } from './found-text.tsx';
import type { Review } from './use-review.ts';

export interface ExampleViewProps {
  example: Example;
  review: Review;
  mayChange: boolean;
  onEdit: () => void;
  /** After a decision: on to the next one. */
  onDecided: () => void;
}

export function ExampleView({ example, review, mayChange, onEdit, onDecided }: ExampleViewProps) {
  const { t } = useTranslation(['datasets', 'common']);
  const decide = (status: Example['status']) => {
    review.setStatus([example], status);
    onDecided();
  };
  return (
    <article aria-label={t('example.title')} className="flex min-w-0 flex-col gap-5">
      <header className="flex flex-wrap items-center gap-2">
        <span className="grow max-sm:basis-full">
          <ExampleStatus status={example.status} />
        </span>
        {mayChange ? (
          <>
            <Button
              size="small"
              icon={<Check />}
              aria-keyshortcuts="a"
              disabled={example.status === 'approved'}
              onClick={() => decide('approved')}
            >
              {t('review.approve')}
            </Button>
            <Button
              size="small"
              icon={<X />}
              aria-keyshortcuts="x"
              disabled={example.status === 'rejected'}
              onClick={() => decide('rejected')}
            >
              {t('review.reject')}
            </Button>
            <IconButton
              size="small"
              label={`${t('review.edit')} (e)`}
              icon={<Pencil />}
              aria-keyshortcuts="e"
              onClick={onEdit}
            />
            <IconButton
              size="small"
              label={`${t('review.redact')} (r)`}
              icon={<EyeOff />}
              aria-keyshortcuts="r"
              disabled={example.findings.length === 0}
              onClick={() => review.redact([example])}
            />
            <Menu
              trigger={<IconButton size="small" label={t('common:more')} icon={<Ellipsis />} />}
              items={[
                {
                  label: t('review.pending'),
                  icon: <Undo2 />,
                  disabled: example.status === 'pending',
                  onSelect: () => review.setStatus([example], 'pending'),
                },
                null,
                {
                  label: t('review.delete'),
                  icon: <Trash2 />,
                  danger: true,
                  onSelect: () => review.remove(example),
                },
              ]}
            />
          </>
        ) : null}
      </header>
      {example.duplicateOf === null ? null : (
        <p className="rounded-md bg-needs-soft px-3.5 py-2 text-sm">
          {t('example.duplicate', { name: example.duplicateOf })}
        </p>
      )}
      <ExampleContent example={example} />
      <Findings example={example} />
      <Facts example={example} review={review} mayChange={mayChange} />
    </article>
  );
}

function Findings({ example: { findings } }: { example: Example }) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const word = useTypeWord();
  if (findings.length === 0) return null;
  const types = countTypes(findings).map(({ type, count }) =>
    count === 1 ? word(type) : `${word(type)} × ${format.whole(count)}`,
  );
  return (
    <p className="flex items-start gap-2 rounded-md bg-needs-soft px-3.5 py-2 text-sm">
      <EyeOff aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-needs" />
      <span>
        <strong>{t('example.findings', { count: findings.length, n: format.whole(findings.length) })}</strong>
        {' · '}
        {types.join(', ')}
      </span>
    </p>
  );
}

function Facts({ example, review, mayChange }: Pick<ExampleViewProps, 'example' | 'review' | 'mayChange'>) {
  const { t } = useTranslation('datasets');
  const format = useFormat();
  const { source } = example;
  const words =
    source.kind === 'file'
      ? source.line === undefined
        ? t('example.from.file', { file: source.file ?? '' })
        : t('example.from.file_line', { file: source.file ?? '', line: format.whole(source.line) })
      : source.kind === 'model'
        ? t('example.from.model', { model: source.model ?? '' })
        : t(`example.from.${source.kind}`);
  const facts: [string, ReactNode][] = [
    [
      t('example.source'),
      <span key="source" className="break-words">
        {words}
        {source.model && source.kind !== 'model'
          ? `, ${t('example.answered_by', { model: source.model })}`
          : null}
        {source.traceId ? (
          <>
            {' · '}
            <Link
              to="/monitor/$traceId"
              params={{ traceId: source.traceId }}
              search={source.spanId ? { span: source.spanId } : {}}
              className="rounded-sm underline decoration-line underline-offset-2 hover:decoration-current"
            >
              {t('example.trace')}
            </Link>
          </>
        ) : null}
      </span>,
    ],
    [
      t('example.consent'),
      example.consent ? (
        t('example.consent_yes')
      ) : (
        <span key="consent">
          <span className="font-semibold text-needs">{t('example.consent_no')}</span>{' '}
          <span className="text-quiet">{t('example.consent_no_about')}</span>
        </span>
      ),
    ],
    [
      t('example.split'),
      mayChange ? (
        <div key="split" className="w-44">
          <Select
            label={t('example.split')}
            value={example.split}
            onChange={(split) => review.move([example], split)}
            options={splits.map((value) => ({
              value,
              label: t(`split.${value}`),
              hint: t(`split.${value}_about`),
            }))}
          />
        </div>
      ) : (
        t(`split.${example.split}`)
      ),
    ],
    [t('example.created'), format.moment(example.createdAt)],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-6 gap-y-2 border-t border-line pt-4 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-xs text-quiet">{label}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
