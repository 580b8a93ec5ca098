// Documents that are dropped on the composer: they go to the first collection of the conversation, or to one named
// Documents, and are followed until they are read.
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { type Dispatch, type SetStateAction, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Collection, KnowledgeDocument } from '../../../../../../contracts/knowledge.ts';
import { toast } from '../../../../components/ui/toast.tsx';
import { api } from '../../../../lib/api.ts';
import { createCollection } from '../../../../lib/knowledge/collections.ts';
import type { PickedFile } from '../../../../lib/knowledge/picked-files.ts';
import type { Added } from '../../../../lib/knowledge/uploads.ts';
import { useTasks } from '../../../../lib/queries.ts';
import { queryKeys } from '../../../../lib/query-keys.ts';
import type { Draft } from '../../lib/drafts.ts';
import { documentState, type Intake, type IntakeState, MOST_CHIPS, taskState } from '../../lib/intake.ts';

export interface IntakeOptions {
  draft: Draft;
  setDraft: Dispatch<SetStateAction<Draft>>;
  knowledge: readonly string[];
  onKnowledge: (knowledge: string[]) => void;
}

export interface FollowedIntake extends Intake, IntakeState {}

export function useIntake({ draft, setDraft, knowledge, onKnowledge }: IntakeOptions) {
  const { t } = useTranslation('knowledge');
  const client = useQueryClient();
  const [arriving, setArriving] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<unknown>(null);
  const followed = useFollowed(draft.intake);

  const take = useCallback(
    async (picked: readonly PickedFile[]) => {
      const names = picked.length > MOST_CHIPS ? [rootOf(picked)] : picked.map(({ file }) => file.name);
      setFailure(null);
      setArriving((now) => [...now, ...names]);
      try {
        const collection = await collectionFor(knowledge[0], t('chat.documents_name'));
        if (!knowledge.includes(collection.id)) onKnowledge([...knowledge, collection.id]);
        // Fetched when it is needed: a composer must be here fast.
        const { addFiles } = await import('../../../../lib/knowledge/uploads.ts');
        const added = await addFiles(client, collection.id, picked);
        if (added.unchanged.length > 0 && added.documents.length === 0)
          toast({ title: t('add.unchanged'), detail: collection.name });
        const intake = intakeOf(added, collection.id, names);
        setDraft((now) => ({ ...now, intake: [...now.intake, ...intake] }));
      } catch (error) {
        setFailure(error);
      } finally {
        setArriving((now) => now.filter((name) => !names.includes(name)));
      }
    },
    [client, knowledge, onKnowledge, setDraft, t],
  );
  const dismiss = useCallback(
    (id: string) => setDraft((now) => ({ ...now, intake: now.intake.filter((one) => one.id !== id) })),
    [setDraft],
  );
  return {
    take,
    dismiss,
    /** Names of files that are on their way to the server. */
    arriving,
    followed,
    failure,
    forget: () => setFailure(null),
    working: arriving.length > 0 || followed.some((one) => one.state === 'working'),
    failed: followed.some((one) => one.state === 'failed'),
  };
}

function useFollowed(intake: readonly Intake[]): FollowedIntake[] {
  const tasks = useTasks().data;
  const documents = useQueries({
    queries: intake.map((one) => ({
      queryKey: queryKeys.document(one.id),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api<KnowledgeDocument>(`/documents/${encodeURIComponent(one.id)}`, { signal }),
      enabled: one.kind === 'document',
    })),
  });
  return intake.map((one, index) => ({
    ...one,
    ...(one.kind === 'document'
      ? documentState(documents[index]?.data, documents[index]?.isError ?? false)
      : taskState(
          tasks?.find((task) => task.id === one.id),
          tasks !== undefined,
        )),
  }));
}

/** The conversation's own, or the one that bears the name, or a new one of that name. */
async function collectionFor(id: string | undefined, name: string): Promise<Collection> {
  const { collections } = await api<{ collections: Collection[] }>('/collections');
  return (
    collections.find((collection) => collection.id === id) ??
    collections.find((collection) => collection.name === name) ??
    (await createCollection({ name }))
  );
}

/** A few documents each by itself; many, or what a zip holds, as the task that reads them. */
function intakeOf(added: Added, collectionId: string, names: readonly string[]): Intake[] {
  const { documents, task } = added;
  if (documents.length > 0 && documents.length <= MOST_CHIPS)
    return documents.map(({ id, title }) => ({ kind: 'document', id, name: title, collectionId }));
  return task ? [{ kind: 'task', id: task.id, name: names.join(', '), collectionId }] : [];
}

/** The folder that holds all of it, or the first file. */
function rootOf(picked: readonly PickedFile[]): string {
  return picked[0]?.path.split('/')[0] ?? '';
}
