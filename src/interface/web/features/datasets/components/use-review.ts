// What can be done to examples in a review, each with its way back: u takes the last one back.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Example, ExampleBody, Split } from '../../../../../contracts/dataset.ts';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { useFormat } from '../../../lib/format.ts';
import {
  type ExampleChange,
  useChangeExamples,
  useExamplesAgain,
  useRedact,
  useReplaceExample,
} from '../api/change-examples.ts';
import { removalKey, removals } from '../lib/removals.ts';
import { createUndoStack } from '../lib/undo-stack.ts';

export interface Review {
  setStatus(examples: readonly Example[], status: Example['status']): void;
  move(examples: readonly Example[], split: Split): void;
  redact(examples: readonly Example[]): void;
  /** Rejects with what the server refused it for. */
  replace(example: Example, body: ExampleBody): Promise<void>;
  remove(example: Example): void;
  undo(): void;
}

/** Groups by what a field was, so that each group goes back in one call. */
function before<Key extends 'status' | 'split'>(
  examples: readonly Example[],
  key: Key,
): Map<Example[Key], string[]> {
  const groups = new Map<Example[Key], string[]>();
  for (const example of examples) {
    const ids = groups.get(example[key]);
    if (ids) ids.push(example.id);
    else groups.set(example[key], [example.id]);
  }
  return groups;
}

export function useReview(datasetId: string): Review {
  const { t } = useTranslation(['datasets', 'common']);
  const say = useErrorText();
  const format = useFormat();
  const { mutateAsync: change } = useChangeExamples(datasetId);
  const { mutateAsync: replaceBody } = useReplaceExample(datasetId);
  const { mutateAsync: redactThese } = useRedact(datasetId);
  const again = useExamplesAgain(datasetId);
  const stack = useMemo(createUndoStack, []);

  const failed = (error: unknown) =>
    toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' });
  const counted = (count: number) => ({ count, n: format.whole(count) });
  const words = {
    approved: 'review.approved',
    rejected: 'review.rejected',
    pending: 'review.pending_again',
  } as const;

  function apply<Key extends 'status' | 'split'>(
    examples: readonly Example[],
    key: Key,
    value: Example[Key],
    label: string,
  ) {
    const changing = examples.filter((one) => one[key] !== value);
    if (changing.length === 0) return;
    const groups = before(changing, key);
    change({ ids: changing.map((one) => one.id), change: { [key]: value } as ExampleChange }).then(
      () =>
        stack.push({
          label,
          back: () =>
            Promise.all(
              [...groups].map(([was, ids]) => change({ ids, change: { [key]: was } as ExampleChange })),
            ),
        }),
      failed,
    );
  }

  return {
    setStatus: (examples, status) =>
      apply(examples, 'status', status, t(words[status], counted(examples.length))),
    move: (examples, split) => apply(examples, 'split', split, t('review.moved', counted(examples.length))),
    redact(examples) {
      const found = examples.filter((one) => one.findings.length > 0);
      if (found.length === 0) return;
      redactThese({ ids: found.map((one) => one.id) }).then(({ changed }) => {
        const label = t('review.redacted', counted(changed));
        stack.push({
          label,
          back: async () => {
            for (const { id, body } of found) await replaceBody({ id, body });
          },
        });
      }, failed);
    },
    async replace(example, body) {
      const saved = await replaceBody({ id: example.id, body });
      stack.push({
        label: t('review.edited'),
        back: () => replaceBody({ id: saved.id, body: example.body }),
      });
    },
    remove({ id }) {
      const key = removalKey(datasetId, id);
      removals.begin(key);
      toast({
        title: t('review.deleted'),
        action: { label: t('common:undo'), onSelect: () => removals.undo(key) },
        onGone: () => void removals.commit(key).then(again, failed),
      });
    },
    undo() {
      stack.undo().then((label) => {
        toast({
          title: label === null ? t('review.nothing_to_undo') : t('review.undone', { what: label }),
          durationMs: 2500,
        });
      }, failed);
    },
  };
}
