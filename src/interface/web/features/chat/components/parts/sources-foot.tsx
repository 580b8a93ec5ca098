// The passages that an answer rests on, under it; what was found and not cited, and a way to try the search, on demand.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, buttonClass } from '../../../../components/ui/button.tsx';
import { Tooltip } from '../../../../components/ui/tooltip.tsx';
import { useFormat } from '../../../../lib/format.ts';
import { useConversation } from '../../../../lib/queries.ts';
import { splitSources } from '../../lib/cited.ts';
import { textOf } from '../../lib/run-state.ts';
import { SourceList } from '../sources/source-list.tsx';
import type { PartProps } from './part-view.ts';

export function SourcesFoot({ part, answer }: PartProps<'sources'>) {
  const { t } = useTranslation('knowledge');
  const format = useFormat();
  const [scores, setScores] = useState(false);
  const question = useQuestion(answer.message.conversationId, answer.message.parentId);
  const { sources, verdict } = part;
  const absent = verdict?.inDocuments === false;
  const split = splitSources(sources, absent ? '' : answer.text);
  // A model may forget to cite: then what it read stands here.
  const none = split.cited.length === 0;
  const first = none && !absent ? sources.filter((source) => source.read) : split.cited;
  const others = none && !absent ? sources.filter((source) => !source.read) : split.others;
  const collectionId = sources[0]?.collectionId;
  if (answer.writing || (sources.length === 0 && !absent)) return null;
  return (
    <section aria-label={t('answer.sources')} className="mt-4 flex max-w-[72ch] flex-col gap-2">
      {first.length > 0 ? (
        <>
          <h3 className="text-xs font-semibold text-quiet">
            {t(none ? 'answer.uncited' : 'answer.cited', {
              count: first.length,
              n: format.whole(first.length),
            })}
          </h3>
          <SourceList sources={first} label={t('answer.sources')} brief scores={scores} />
        </>
      ) : null}
      {others.length > 0 ? (
        <details className="text-sm">
          <summary className="w-fit rounded-sm text-xs text-quiet hover:text-ink">
            {t(absent ? 'answer.nearest' : 'answer.others', {
              count: others.length,
              n: format.whole(others.length),
            })}
          </summary>
          <div className="mt-2">
            <SourceList sources={others} label={t('test.hits')} brief scores={scores} />
          </div>
        </details>
      ) : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
        {absent && sources.length > 0 && answer.onReadAnyway !== null ? (
          <Tooltip text={t('answer.anyway_hint')}>
            <Button size="small" onClick={answer.onReadAnyway}>
              {t('answer.anyway')}
            </Button>
          </Tooltip>
        ) : null}
        <button
          type="button"
          aria-pressed={scores}
          onClick={() => setScores(!scores)}
          className="rounded-sm text-quiet underline decoration-line underline-offset-2 hover:text-ink"
        >
          {t('answer.scores')}
        </button>
        {collectionId ? (
          <Link
            to="/knowledge/$collectionId"
            params={{ collectionId }}
            search={{ tab: 'search', ...(question === '' ? {} : { q: question }) }}
            className={
              absent
                ? buttonClass('secondary', 'small')
                : 'rounded-sm text-quiet underline decoration-line underline-offset-2 hover:text-ink'
            }
          >
            {t('answer.test')}
          </Link>
        ) : null}
      </div>
    </section>
  );
}

/** What was asked, for the search test. */
function useQuestion(conversationId: string, parentId: string | null): string {
  const messages = useConversation(conversationId || undefined).data?.messages;
  const asked = messages?.find((message) => message.id === parentId);
  return asked ? textOf(asked.parts).trim().slice(0, 1000) : '';
}
