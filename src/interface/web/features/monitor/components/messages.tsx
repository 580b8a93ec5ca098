// Messages of a call as a person reads them: who, and then the words.
import { useTranslation } from 'react-i18next';
import type { Span } from '../../../../../contracts/span.ts';
import { type ReadMessage, type ReadPart, readInput, readOutput } from '../lib/read-messages.ts';

const roles = ['system', 'user', 'assistant', 'tool'] as const;

function Part({ part }: { part: ReadPart }) {
  const { t } = useTranslation('monitor');
  if (part.type === 'text')
    return <p className="max-w-[72ch] text-sm break-words whitespace-pre-wrap">{part.text}</p>;
  const label =
    part.type === 'other'
      ? t('part.other')
      : t(`part.${part.type}`, 'name' in part ? { name: part.name } : {});
  if (part.type === 'file' && part.text === null) return <p className="text-quiet">{label}</p>;
  return (
    <details className="max-w-[72ch]" open={part.type === 'tool-call'}>
      <summary className="text-quiet">{label}</summary>
      <pre className="mt-1 overflow-x-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap">
        {part.text}
      </pre>
    </details>
  );
}

function Message({ message, answer }: { message: ReadMessage; answer: boolean }) {
  const { t } = useTranslation('monitor');
  const role = roles.find((one) => one === message.role);
  return (
    <li className={answer ? 'border-l-2 border-accent py-0.5 pl-4' : 'border-l-2 border-line py-0.5 pl-4'}>
      <h3 className="mb-1 text-xs font-semibold text-quiet">
        {answer ? t('role.answer') : role ? t(`role.${role}`) : message.role}
      </h3>
      <div className="flex flex-col gap-2">
        {message.parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a recorded message never changes
          <Part key={index} part={part} />
        ))}
      </div>
    </li>
  );
}

export function Messages({ span }: { span: Span }) {
  const { t } = useTranslation('monitor');
  const input = readInput(span.input);
  const output = readOutput(span.output);
  if (input.length + output.length === 0) return <p className="text-quiet">{t('no_content')}</p>;
  return (
    <ol className="flex flex-col gap-5">
      {input.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded prompt never changes
        <Message key={`in${index}`} message={message} answer={false} />
      ))}
      {output.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a recorded answer never changes
        <Message key={`out${index}`} message={message} answer />
      ))}
    </ol>
  );
}
