// The playground: one conversation by several models or settings, the next token, and sweeps.
import { useNavigate, useSearch } from '@tanstack/react-router';
import Code from 'lucide-react/icons/code';
import Play from 'lucide-react/icons/play';
import Square from 'lucide-react/icons/square';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MessageFields } from '../../../components/answers/message-fields.tsx';
import { useAnswerBoard, useAnyRunning } from '../../../components/answers/use-answer.ts';
import { Page } from '../../../components/page.tsx';
import { Button } from '../../../components/ui/button.tsx';
import { Skeleton } from '../../../components/ui/skeleton.tsx';
import { Tabs } from '../../../components/ui/tabs.tsx';
import type { PlaygroundView } from '../search.ts';
import { CodeDialog } from './code-dialog.tsx';
import { Compare } from './compare.tsx';
import { NextToken } from './next-token.tsx';
import { Sweep } from './sweep.tsx';
import { usePlayground } from './use-playground.ts';

export function PlaygroundPage() {
  const { t } = useTranslation(['playground', 'common']);
  const search = useSearch({ from: '/playground' });
  const navigate = useNavigate();
  const view: PlaygroundView = search.view ?? 'compare';
  const { state, change, filling } = usePlayground(search);
  const columns = useAnswerBoard();
  const cells = useAnswerBoard();
  const comparing = useAnyRunning(columns);
  const sweeping = useAnyRunning(cells);
  const running = (view === 'compare' && comparing) || (view === 'sweep' && sweeping);
  const [code, setCode] = useState(false);
  /** What the view that is open does on "run"; it sets it itself. */
  const [runView, setRunView] = useState<{ run: () => void; stop: () => void; ready: boolean } | null>(null);

  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      action={
        <>
          <Button icon={<Code />} onClick={() => setCode(true)}>
            <span className="max-sm:sr-only">{t('code.open')}</span>
          </Button>
          {running ? (
            <Button look="primary" icon={<Square />} onClick={() => runView?.stop()}>
              {t('common:stop')}
            </Button>
          ) : (
            <Button
              look="primary"
              icon={<Play />}
              disabled={!runView?.ready}
              aria-keyshortcuts="Control+Enter"
              onClick={() => runView?.run()}
            >
              <span className="max-sm:hidden">{t(`run.${view}`)}</span>
              <span className="sm:hidden">{t('run_column')}</span>
            </Button>
          )}
        </>
      }
    >
      <section aria-label={t('messages.title')} className="mb-6">
        {filling ? (
          <Skeleton className="h-32" />
        ) : (
          <MessageFields messages={state.messages} onChange={(messages) => change({ messages })} />
        )}
        <p className="mt-1 text-xs text-quiet">{t('keys')}</p>
      </section>
      <Tabs
        label={t('views')}
        value={view}
        onChange={(next) =>
          void navigate({
            to: '/playground',
            search: next === 'compare' ? {} : { view: next },
            replace: true,
          })
        }
        tabs={[
          {
            value: 'compare',
            label: t('view.compare'),
            content: <Compare state={state} change={change} board={columns} onView={setRunView} />,
          },
          {
            value: 'next',
            label: t('view.next'),
            content: <NextToken state={state} change={change} onView={setRunView} />,
          },
          {
            value: 'sweep',
            label: t('view.sweep'),
            content: <Sweep state={state} change={change} board={cells} onView={setRunView} />,
          },
        ]}
      />
      {code ? <CodeDialog state={state} onClose={() => setCode(false)} /> : null}
    </Page>
  );
}
