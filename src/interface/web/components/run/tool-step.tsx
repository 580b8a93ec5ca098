// One call of a tool: a line with its name and state, opened on demand for arguments and result.
import Ban from 'lucide-react/icons/ban';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDashed from 'lucide-react/icons/circle-dashed';
import CircleX from 'lucide-react/icons/circle-x';
import Hand from 'lucide-react/icons/hand';
import LoaderCircle from 'lucide-react/icons/loader-circle';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagePart } from '../../../../contracts/conversation.ts';
import { noticesOf } from '../../../../contracts/notice.ts';
import type { ToolResult } from '../../../../contracts/tool.ts';
import { useErrorText } from '../../lib/error-text.ts';
import { useFormat } from '../../lib/format.ts';
import { useToolTitle } from '../../lib/known-names.ts';
import { useNoticeText } from '../../lib/notice-text.ts';
import { callSummary } from '../../lib/tool-words.ts';
import { cx } from '../ui/cx.ts';
import { Progress } from '../ui/progress.tsx';
import { ArgumentsList } from './arguments-list.tsx';
import { EffectBadge } from './effect-badge.tsx';
import { LongText } from './long-text.tsx';

export type ToolPart = Extract<MessagePart, { type: 'tool' }>;

/** What a tool says while it works. */
export interface ToolProgress {
  done: number | null;
  total: number | null;
  message: string | null;
  output: string | null;
}

export type ToolState = 'waiting' | 'asked' | 'running' | 'done' | 'failed' | 'refused' | 'cut';

/** `live`: the run goes on. `started`: the tool may have had its effect. */
export function toolStateOf(part: ToolPart, live: boolean, started: boolean): ToolState {
  if (part.approval?.decision === 'no') return 'refused';
  if (part.result) return part.result.isError ? 'failed' : 'done';
  if (!live) return 'cut';
  if (part.approval && part.approval.decision === null) return 'waiting';
  return started ? 'running' : 'asked';
}

const marks: Record<ToolState, { Icon: ComponentType<{ className?: string }>; look: string }> = {
  waiting: { Icon: Hand, look: 'text-needs' },
  asked: { Icon: CircleDashed, look: 'text-quiet' },
  running: { Icon: LoaderCircle, look: 'text-accent animate-wait' },
  done: { Icon: CircleCheck, look: 'text-ready' },
  failed: { Icon: CircleX, look: 'text-failed' },
  refused: { Icon: Ban, look: 'text-quiet' },
  cut: { Icon: CircleDashed, look: 'text-quiet' },
};

export interface ToolStepProps {
  part: ToolPart;
  state: ToolState;
  progress?: ToolProgress | undefined;
}

export function ToolStep({ part, state, progress }: ToolStepProps) {
  const { t } = useTranslation('run');
  const { Icon, look } = marks[state];
  const summary = callSummary(part.input);
  const title = useToolTitle()(part.toolName, part.title);
  return (
    <div className="max-w-[72ch] text-sm">
      <details>
        <summary className="-mx-1.5 flex min-h-8 list-none items-center gap-2 rounded-md px-1.5 hover:bg-sunken [&::-webkit-details-marker]:hidden">
          <Icon className={cx('size-4 shrink-0', look)} aria-hidden="true" />
          <span className="shrink-0">{title}</span>
          <span className="min-w-0 grow truncate text-quiet">{summary}</span>
          <span
            className={cx(
              'shrink-0 text-xs',
              state === 'failed' ? 'text-failed' : state === 'waiting' ? 'text-needs' : 'text-quiet',
            )}
          >
            {t(`tool.state.${state}`)}
          </span>
        </summary>
        <div className="mt-1 mb-3 ml-2 flex flex-col gap-3 border-l-2 border-line py-1 pl-4">
          <p className="flex flex-wrap items-center gap-3">
            <EffectBadge effect={part.effect} />
            <span className="font-mono text-xs text-quiet">{part.toolName}</span>
          </p>
          <Decision part={part} />
          <div>
            <h4 className="mb-1 text-xs font-semibold text-quiet">{t('tool.arguments')}</h4>
            <ArgumentsList input={part.input} />
          </div>
          <div>
            <h4 className="mb-1 text-xs font-semibold text-quiet">{t('tool.result')}</h4>
            {part.result ? (
              <ToolResultView result={part.result} />
            ) : (
              <p className="text-quiet">
                {t(state === 'refused' || state === 'cut' ? 'tool.never' : 'tool.no_result')}
              </p>
            )}
          </div>
        </div>
      </details>
      {state === 'running' && progress ? <ProgressOf part={part} progress={progress} /> : null}
    </div>
  );
}

function Decision({ part: { approval } }: { part: ToolPart }) {
  const { t } = useTranslation('run');
  if (!approval?.decision) return null;
  return (
    <p className="text-quiet">
      {t(approval.decision === 'yes' ? 'approval.said_yes' : 'approval.said_no')}
      {approval.reason ? ` ${t('tool.reason', { reason: approval.reason })}` : ''}
    </p>
  );
}

/** Stands under the line while the tool works, folded or not. */
function ProgressOf({ part, progress }: { part: ToolPart; progress: ToolProgress }) {
  const { t } = useTranslation('run');
  const format = useFormat();
  const { done, total, message, output } = progress;
  const amount =
    done === null
      ? null
      : total === null
        ? format.number(done)
        : t('tool.progress', { done: format.number(done), total: format.number(total) });
  const line = [message, amount].filter((one) => one !== null && one !== '').join(' · ');
  if (line === '' && !output) return null;
  return (
    <div className="mb-2 ml-6 flex flex-col gap-1 text-xs text-quiet">
      {total !== null && done !== null ? (
        <Progress value={total > 0 ? done / total : null} label={part.title} className="w-56 max-w-full" />
      ) : null}
      {line === '' ? null : <p className="tabular">{line}</p>}
      {output ? <LongText text={output} /> : null}
    </div>
  );
}

export function ToolResultView({ result }: { result: ToolResult }) {
  const { t } = useTranslation('run');
  const notice = useNoticeText();
  const say = useErrorText();
  const error = result.error ? say(result.error) : null;
  return (
    <div className="flex flex-col gap-2">
      {error ? (
        <p className="text-failed">
          {error.title}
          {error.technical === error.title ? '' : `. ${error.technical}`}
        </p>
      ) : null}
      {result.content.map((one, index) =>
        one.type === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
          <LongText key={index} text={one.text} className="rounded-md bg-sunken px-3 py-2" />
        ) : (
          <a
            // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
            key={index}
            download={one.filename ?? 'file'}
            href={`data:application/octet-stream;base64,${one.data}`}
            className="text-accent underline underline-offset-2"
          >
            {t('tool.file', { name: one.filename ?? one.mediaType })}
          </a>
        ),
      )}
      {noticesOf(result).map((said) => (
        <p key={said.message} className="text-xs text-quiet">
          {notice(said)}
        </p>
      ))}
    </div>
  );
}
