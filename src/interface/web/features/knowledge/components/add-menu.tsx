// The ways into a collection: files, a folder, a web address, a folder of this machine.
import FileUp from 'lucide-react/icons/file-up';
import FolderUp from 'lucide-react/icons/folder-up';
import HardDrive from 'lucide-react/icons/hard-drive';
import Link2 from 'lucide-react/icons/link-2';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { Menu } from '../../../components/ui/menu.tsx';
import { AddressDialog } from './address-dialog.tsx';
import { FolderDialog } from './folder-dialog.tsx';
import type { AddFiles } from './use-add-files.ts';
import { useFileFields } from './use-file-fields.tsx';

export function AddMenu({ collectionId, onFiles }: { collectionId: string; onFiles: AddFiles }) {
  const { t } = useTranslation('knowledge');
  const { fields, chooseFiles, chooseFolder } = useFileFields(onFiles);
  const [dialog, setDialog] = useState<'address' | 'folder' | null>(null);
  return (
    <>
      <Menu
        trigger={
          <Button look="primary" icon={<Plus />}>
            {t('add.button')}
          </Button>
        }
        items={[
          { label: t('add.files'), icon: <FileUp />, onSelect: chooseFiles },
          { label: t('add.folder'), icon: <FolderUp />, onSelect: chooseFolder },
          null,
          { label: t('add.address'), icon: <Link2 />, onSelect: () => setDialog('address') },
          { label: t('add.machine'), icon: <HardDrive />, onSelect: () => setDialog('folder') },
        ]}
      />
      {fields}
      {dialog === 'address' ? (
        <AddressDialog collectionId={collectionId} onClose={() => setDialog(null)} />
      ) : null}
      {dialog === 'folder' ? (
        <FolderDialog collectionId={collectionId} onClose={() => setDialog(null)} />
      ) : null}
    </>
  );
}
