// The difference of two versions: messages word by word, then model and settings.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PromptVersion } from '../../../../../contracts/prompt.ts';
import { diffWords } from '../../../lib/word-diff.ts';

/** Model and settings as lines of text, so that they are compared as the messages are. */
function settingsText({ model, parameters }: PromptVersion, any: string): string {
  return [
    `model: ${model ?? any}`,
    ...Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
  ].join('\n');
}

export function VersionDiff({ before, after }: { before: PromptVersion; after: PromptVersion }) {
  const { t } = useTranslation(['prompts', 'playground']);
  const any = t('model_any');
  const rows = useMemo(() => {
    const length = Math.max(before.messages.length, after.messages.length);
    const messages = Array.from({ length }, (_, i) => {
      const from = before.messages[i];
      const to = after.messages[i];
      const roles = [...new Set([from?.role, to?.role].filter((role) => role !== undefined))];
      return { key: String(i), roles, from: from?.text ?? '', to: to?.text ?? '' };
    });
    return [
      ...messages,
      { key: 'settings', roles: [], from: settingsText(before, any), to: settingsText(after, any) },
    ];
  }, [before, after, any]);
  const same = rows.every(({ from, to, roles }) => from === to && roles.length <= 1);
  if (same) return <p className="text-sm text-quiet">{t('diff.same')}</p>;
  return (
    <div className="overflow-hidden rounded-md border border-line bg-raised">
      {rows.map(({ key, roles, from, to }) => (
        <div key={key} className="border-b border-line px-4 py-3 last:border-b-0">
          <p className="mb-1 text-xs text-quiet">
            {roles.length === 0
              ? t('diff.settings')
              : roles.map((role) => t(`playground:messages.${role}`)).join(' → ')}
          </p>
          <Difference from={from} to={to} />
        </div>
      ))}
    </div>
  );
}

function Difference({ from, to }: { from: string; to: string }) {
  const parts = useMemo(() => diffWords(from, to), [from, to]);
  return (
    <p className="text-sm break-words whitespace-pre-wrap">
      {parts.map(({ kind, text }, index) =>
        kind === 'same' ? (
          text
        ) : kind === 'added' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
          <ins key={index} className="rounded-sm bg-ready-soft text-ready underline">
            {text}
          </ins>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
          <del key={index} className="rounded-sm bg-failed-soft text-failed line-through">
            {text}
          </del>
        ),
      )}
    </p>
  );
}
