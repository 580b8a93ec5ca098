// Where files and folders are dropped (anywhere on the page counts), or chosen.
import FileUp from 'lucide-react/icons/file-up';
import FolderUp from 'lucide-react/icons/folder-up';
import Upload from 'lucide-react/icons/upload';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { cx } from '../../../components/ui/cx.ts';
import { useFileDrop } from '../../../lib/use-file-drop.ts';
import type { AddFiles } from './use-add-files.ts';
import { useFileFields } from './use-file-fields.tsx';

export interface DropZoneProps {
  /** The collection is empty: this is what stands in it. */
  tall: boolean;
  onFiles: AddFiles;
}

export function DropZone({ tall, onFiles }: DropZoneProps) {
  const { t } = useTranslation('knowledge');
  const over = useFileDrop(onFiles);
  const { fields, chooseFiles, chooseFolder } = useFileFields(onFiles);
  return (
    <section
      aria-label={t('drop.label')}
      className={cx(
        'flex flex-wrap items-center gap-x-4 gap-y-3 rounded-md border border-dashed px-4',
        tall ? 'flex-col py-8 text-center' : 'py-3',
        over ? 'border-accent bg-accent-soft' : 'border-control',
      )}
    >
      <Upload aria-hidden="true" className={cx('size-5 shrink-0', over ? 'text-accent' : 'text-quiet')} />
      <div className={cx('min-w-0', tall ? 'max-w-lg' : 'grow basis-64')}>
        <p className={cx('text-sm font-semibold', over && 'text-accent')}>
          {over ? (
            t('drop.now')
          ) : (
            <>
              <span className="max-sm:hidden">{t('drop.title')}</span>
              <span className="sm:hidden">{t('drop.label')}</span>
            </>
          )}
        </p>
        {tall ? <p className="mt-1 mb-2 text-sm text-quiet">{t('drop.about')}</p> : null}
        <p className="text-xs text-quiet">{t('drop.kinds')}</p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button size="small" icon={<FileUp />} onClick={chooseFiles}>
          {t('add.files')}
        </Button>
        <Button size="small" icon={<FolderUp />} className="max-sm:hidden" onClick={chooseFolder}>
          {t('add.folder')}
        </Button>
      </div>
      {fields}
    </section>
  );
}
