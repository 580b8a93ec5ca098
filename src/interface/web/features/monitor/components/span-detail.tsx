// The selected step: what went wrong, how it was rated, its messages, its parameters, and the raw record.
import { Link } from '@tanstack/react-router';
import Copy from 'lucide-react/icons/copy';
import FlaskConical from 'lucide-react/icons/flask-conical';
import Terminal from 'lucide-react/icons/terminal';
import { type ComponentType, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Score } from '../../../../../contracts/score.ts';
import type { Span } from '../../../../../contracts/span.ts';
import { TakeButton } from '../../../components/datasets/take-button.tsx';
import { Badge } from '../../../components/ui/badge.tsx';
import { Button, buttonClass } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import { useCopy } from '../../../components/use-copy.ts';
import { useCostText, useFormat } from '../../../lib/format.ts';
import { canCurl, curlOf } from '../lib/curl.ts';
import { type SpanView, viewOf } from '../lib/read-span.ts';
import { useTraceName } from '../lib/trace-name.ts';
import { ApprovalRecord } from './approval-record.tsx';
import { Attributes } from './attributes.tsx';
import { BoxLink } from './box-link.tsx';
import { Messages } from './messages.tsx';
import { Passages } from './passages.tsx';
import { Ratings } from './ratings.tsx';
import { RoutedNote } from './routed-note.tsx';
import { StatusMark } from './status-mark.tsx';
import { ToolCall } from './tool-call.tsx';

type View = 'content' | 'parameters' | 'raw';

/** How the content of a step is drawn, by what it is. */
const contents: Record<SpanView, ComponentType<{ span: Span }>> = {
  messages: Messages,
  agent: Messages,
  passages: Passages,
  tool: ToolCall,
  approval: ApprovalRecord,
};

export function SpanDetail({ span, scores }: { span: Span; scores: readonly Score[] }) {
  const { t } = useTranslation(['monitor', 'common', 'playground']);
  const format = useFormat();
  const costText = useCostText();
  const traceName = useTraceName();
  const [view, setView] = useState<View>(
    span.input === null && span.output === null ? 'parameters' : 'content',
  );
  const kind = viewOf(span);
  const Content = contents[kind];
  const copy = useCopy();
  const raw = JSON.stringify(span, null, 2);
  const facts = [
    span.endUs === null ? null : format.duration((span.endUs - span.startUs) / 1000),
    span.timeToFirstTokenMs === null
      ? null
      : t('first_after', { time: format.duration(span.timeToFirstTokenMs) }),
    span.usage
      ? t('tokens_pair', { input: format.whole(span.usage.input), output: format.whole(span.usage.output) })
      : null,
    span.cost ? costText(span.cost) : null,
  ].filter((fact) => fact !== null);
  return (
    <section aria-label={span.name} className="min-w-0">
      <header className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">
            <StatusMark status={span.status} />
            <span className="mx-2 break-words">{traceName(span.name)}</span>
            <Badge>{t(`kind.${span.kind}`)}</Badge>
          </h2>
          <p className="mt-0.5 text-quiet">
            {[span.model, ...facts].filter((fact) => fact !== null).join(' · ')}
          </p>
        </div>
        <div className="flex min-w-0 flex-wrap items-center gap-3">
          <BoxLink kind={span.kind} />
          {canCurl(span) && kind !== 'agent' ? (
            <>
              <Link
                to="/playground"
                search={{ trace: span.traceId, span: span.spanId }}
                className={buttonClass('secondary', 'small')}
              >
                <FlaskConical aria-hidden="true" />
                {t('playground:open_in')}
              </Link>
              <TakeButton traceId={span.traceId} spanId={span.spanId} userId={span.userId} look="button" />
              <Button size="small" icon={<Terminal />} onClick={() => copy(curlOf(span, location.origin))}>
                {t('copy_curl')}
              </Button>
            </>
          ) : null}
        </div>
      </header>
      {span.error ? <ErrorState error={span.error} className="mb-4" /> : null}
      <RoutedNote span={span} />
      <Ratings scores={scores} />
      <Tabs
        value={view}
        onChange={setView}
        label={t('views')}
        tabs={[
          { value: 'content', label: t(`view.${kind}`), content: <Content span={span} /> },
          { value: 'parameters', label: t('view.parameters'), content: <Attributes span={span} /> },
          {
            value: 'raw',
            label: t('view.raw'),
            content: (
              <div className="relative">
                <Button
                  size="small"
                  icon={<Copy />}
                  className="absolute top-2 right-2"
                  onClick={() => copy(raw)}
                >
                  {t('common:copy')}
                </Button>
                {/* A region that scrolls must be reachable by keyboard: a read-only field is. */}
                <textarea
                  readOnly
                  aria-label={t('view.raw')}
                  value={raw}
                  spellCheck={false}
                  className="h-[36rem] w-full resize-y rounded-md border border-line bg-raised p-4 font-mono text-xs whitespace-pre"
                />
              </div>
            ),
          },
        ]}
      />
    </section>
  );
}
