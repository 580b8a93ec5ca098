// The words of an example: messages with who said them, two answers side by side, or a text and its label.
import { useTranslation } from 'react-i18next';
import type { Example, ExampleMessage, Finding } from '../../../../../contracts/dataset.ts';
import { Badge } from '../../../components/ui/badge.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { findingsOf } from '../lib/example-text.ts';
import { FoundText } from './found-text.tsx';

function Words({ text, findings }: { text: string; findings: readonly Finding[] }) {
  return (
    <p className="max-w-[72ch] text-sm break-words whitespace-pre-wrap">
      <FoundText text={text} findings={findings} />
    </p>
  );
}

function Messages({
  messages,
  findings,
  lastIsWanted,
}: {
  messages: readonly ExampleMessage[];
  findings: readonly Finding[];
  lastIsWanted: boolean;
}) {
  const { t } = useTranslation('datasets');
  return (
    <ol className="flex flex-col gap-5">
      {messages.map((message, index) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a message is known by its place
          key={index}
          className={cx(
            'border-l-2 py-0.5 pl-4',
            lastIsWanted && index === messages.length - 1 ? 'border-accent' : 'border-line',
          )}
        >
          <h3 className="mb-1 flex items-center gap-2 text-xs font-semibold text-quiet">
            {t(`example.${message.role}`)}
            {message.role === 'assistant' && message.weight === 0 ? (
              <Badge>{t('example.weight')}</Badge>
            ) : null}
          </h3>
          <Words text={message.content} findings={findingsOf(findings, `messages.${index}`)} />
        </li>
      ))}
    </ol>
  );
}

export function ExampleContent({ example: { body, findings } }: { example: Example }) {
  const { t } = useTranslation('datasets');
  if (body.kind === 'chat') return <Messages messages={body.messages} findings={findings} lastIsWanted />;
  if (body.kind === 'preference')
    return (
      <>
        <Messages messages={body.messages} findings={findings} lastIsWanted={false} />
        <div className="mt-5 grid gap-3 xl:grid-cols-2">
          {(['chosen', 'rejected'] as const).map((side) => (
            <section
              key={side}
              aria-label={t(`example.${side}`)}
              className={cx(
                'min-w-0 rounded-md border px-4 py-3',
                side === 'chosen' ? 'border-ready' : 'border-line',
              )}
            >
              <h3
                className={cx('mb-1 text-xs font-semibold', side === 'chosen' ? 'text-ready' : 'text-quiet')}
              >
                {t(`example.${side}`)}
              </h3>
              <Words text={body[side]} findings={findingsOf(findings, side)} />
            </section>
          ))}
        </div>
      </>
    );
  return (
    <div className="flex flex-col gap-4">
      <Words text={body.text} findings={findingsOf(findings, 'text')} />
      <p className="flex items-center gap-2 text-xs text-quiet">
        {t('example.label')} <Badge tone="accent">{body.label}</Badge>
      </p>
    </div>
  );
}
