// What an @ names: a collection to answer from, an agent that answers, or a document that is read whole.
import { Command } from 'cmdk';
import Bot from 'lucide-react/icons/bot';
import FileText from 'lucide-react/icons/file-text';
import Library from 'lucide-react/icons/library';
import type { ReactNode } from 'react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../../contracts/knowledge.ts';
import { ErrorState } from '../../../../components/ui/error-state.tsx';
import { SkeletonRows } from '../../../../components/ui/skeleton.tsx';
import { useAgents } from '../../../../lib/agent-queries.ts';
import { useCollections } from '../../../../lib/knowledge/collections.ts';
import { useFoundDocuments } from '../../../../lib/knowledge/find-documents.ts';
import { useRemoved } from '../../../../lib/knowledge/removals.ts';
import { useAgentWords } from '../../../../lib/known-names.ts';
import { rowClass } from './row-class.ts';

export type Mention =
  | { kind: 'collection'; id: string }
  | { kind: 'agent'; name: string }
  | { kind: 'document'; document: KnowledgeDocument };

export function MentionList({ onChoose }: { onChoose: (mention: Mention) => void }) {
  const { t } = useTranslation(['chat', 'common']);
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const collections = useCollections();
  const agents = useAgents();
  const documents = useFoundDocuments(query);
  const removed = useRemoved();
  const agentWords = useAgentWords();
  const found = documents.data?.filter(({ id }) => !removed.has(id)) ?? [];
  const asked = [collections, agents, documents];
  const failed = asked.find(({ error }) => error !== null);
  const waits = asked.some(({ isPending }) => isPending);
  const holds = (...words: string[]) => words.join(' ').toLowerCase().includes(query.toLowerCase());
  const named = (collections.data ?? []).filter((one) => holds(one.name, one.description));
  const answering = (agents.data ?? [])
    .map((one) => ({ name: one.name, ...agentWords(one) }))
    .filter((one) => holds(one.name, one.title));
  const isEmpty = named.length + answering.length + found.length === 0;
  return (
    <Command
      label={t('mention.label')}
      // Documents are found by the server; the rest is sifted in the same way.
      shouldFilter={false}
      className="flex max-h-[min(24rem,60dvh)] flex-col"
    >
      <Command.Input
        autoFocus
        value={typed}
        onValueChange={setTyped}
        placeholder={t('mention.placeholder')}
        className="h-10 w-full shrink-0 border-b border-line bg-transparent px-3.5 text-sm outline-none"
      />
      <Command.List className="overflow-y-auto p-1">
        {failed ? <ErrorState error={failed.error} onRetry={() => void failed.refetch()} /> : null}
        {waits ? <SkeletonRows rows={3} label={t('common:loading')} className="p-1" /> : null}
        {isEmpty && !waits && !failed ? (
          <p className="px-2.5 py-4 text-center text-sm text-quiet">{t('mention.none')}</p>
        ) : null}
        <Group heading={t('mention.collections')}>
          {named.map((one) => (
            <Row
              key={one.id}
              value={`collection ${one.id}`}
              icon={<Library />}
              name={one.name}
              about={one.description}
              onSelect={() => onChoose({ kind: 'collection', id: one.id })}
            />
          ))}
        </Group>
        <Group heading={t('mention.agents')}>
          {answering.map((one) => (
            <Row
              key={one.name}
              value={`agent ${one.name}`}
              icon={<Bot />}
              name={one.title}
              about={one.description}
              onSelect={() => onChoose({ kind: 'agent', name: one.name })}
            />
          ))}
        </Group>
        <Group heading={t('mention.documents')}>
          {found.map((document) => (
            <Row
              key={document.id}
              value={`document ${document.id}`}
              icon={<FileText />}
              name={document.title === '' ? document.path : document.title}
              about={document.path}
              onSelect={() => onChoose({ kind: 'document', document })}
            />
          ))}
        </Group>
      </Command.List>
    </Command>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-quiet"
    >
      {children}
    </Command.Group>
  );
}

interface RowProps {
  value: string;
  icon: ReactNode;
  name: string;
  about: string;
  onSelect: () => void;
}

function Row({ value, icon, name, about, onSelect }: RowProps) {
  return (
    <Command.Item value={value} onSelect={onSelect} className={rowClass}>
      <span aria-hidden="true" className="mt-0.5 shrink-0 text-quiet [&>svg]:size-4">
        {icon}
      </span>
      <span className="min-w-0 grow">
        <span className="block truncate">{name}</span>
        {about === '' ? null : <span className="block truncate text-xs text-quiet">{about}</span>}
      </span>
    </Command.Item>
  );
}
