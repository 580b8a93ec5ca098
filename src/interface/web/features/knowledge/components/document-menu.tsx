// What can be done with a document: open, ask anew, read again, attributes, the original, deletion.
import Download from 'lucide-react/icons/download';
import Ellipsis from 'lucide-react/icons/ellipsis';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Tags from 'lucide-react/icons/tags';
import Trash from 'lucide-react/icons/trash-2';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnowledgeDocument } from '../../../../../contracts/knowledge.ts';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { toast } from '../../../components/ui/toast.tsx';
import { useErrorText } from '../../../lib/error-text.ts';
import { isWaiting, originalAddress, useRetryDocument } from '../../../lib/knowledge/documents.ts';
import { useDeleteDocument } from './use-delete-document.ts';

const AttributesDialog = lazy(async () => ({
  default: (await import('./attributes-dialog.tsx')).AttributesDialog,
}));

export interface DocumentMenuProps {
  document: KnowledgeDocument;
  onDeleted?: () => void;
  size?: 'small' | 'medium';
}

export function DocumentMenu({ document, onDeleted, size = 'small' }: DocumentMenuProps) {
  const { t } = useTranslation(['knowledge', 'common']);
  const say = useErrorText();
  const retry = useRetryDocument();
  const remove = useDeleteDocument(onDeleted);
  const [attributes, setAttributes] = useState(false);
  const again = () =>
    retry.mutate(document.id, {
      onError: (error) => toast({ title: say(error).title, detail: say(error).detail, tone: 'failed' }),
    });
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t('document.menu', { name: document.title })} icon={<Ellipsis />} size={size} />
        }
        items={[
          {
            label: t('document.retry'),
            icon: <RotateCw />,
            disabled: isWaiting(document),
            onSelect: again,
          },
          { label: t('document.attributes'), icon: <Tags />, onSelect: () => setAttributes(true) },
          {
            label: t('viewer.download'),
            icon: <Download />,
            onSelect: () => {
              const link = window.document.createElement('a');
              link.href = originalAddress(document.id, 'download');
              link.download = '';
              link.click();
            },
          },
          null,
          {
            label: t('common:delete'),
            icon: <Trash />,
            danger: true,
            onSelect: () => remove(document),
          },
        ]}
      />
      {attributes ? (
        <Suspense fallback={null}>
          <AttributesDialog document={document} onClose={() => setAttributes(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
