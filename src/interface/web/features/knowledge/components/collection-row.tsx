// One collection in the list: what it is, what it holds, and what needs a look.
import { Link } from '@tanstack/react-router';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Pencil from 'lucide-react/icons/pencil';
import Trash from 'lucide-react/icons/trash-2';
import { useTranslation } from 'react-i18next';
import type { Collection } from '../../../../../contracts/knowledge.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { CollectionState } from './collection-state.tsx';
import { useCollectionFacts } from './use-collection-facts.ts';

export interface CollectionRowProps {
  collection: Collection;
  onEdit: () => void;
  onDelete: () => void;
}

export function CollectionRow({ collection, onEdit, onDelete }: CollectionRowProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const facts = useCollectionFacts();
  return (
    <li className="relative flex items-start gap-3 px-4 py-3 hover:bg-sunken">
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/knowledge/$collectionId"
            params={{ collectionId: collection.id }}
            className="min-w-0 truncate font-semibold after:absolute after:inset-0"
          >
            {collection.name}
          </Link>
          <CollectionState collection={collection} />
        </div>
        {collection.description === '' ? null : (
          <p className="mt-0.5 line-clamp-2 text-sm">{collection.description}</p>
        )}
        <p className="tabular mt-0.5 text-xs text-quiet">{facts(collection).join(' · ')}</p>
      </div>
      <div className="relative">
        <Menu
          trigger={
            <IconButton
              label={t('collection.menu', { name: collection.name })}
              icon={<Ellipsis />}
              size="small"
            />
          }
          items={[
            { label: t('common:edit'), icon: <Pencil />, onSelect: onEdit },
            null,
            { label: t('common:delete'), icon: <Trash />, danger: true, onSelect: onDelete },
          ]}
        />
      </div>
    </li>
  );
}
