// The browser's own choosers, for files and for a whole folder.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { pickedFrom } from '../../../lib/knowledge/picked-files.ts';
import type { AddFiles } from './use-add-files.ts';

/** React's types do not know it; browsers do. */
const wholeFolder = { webkitdirectory: '' };

export function useFileFields(onFiles: AddFiles) {
  const { t } = useTranslation('knowledge');
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const taken = (event: React.ChangeEvent<HTMLInputElement>) => {
    onFiles(pickedFrom(event.target.files ?? []));
    event.target.value = '';
  };
  const fields = (
    <>
      <input ref={files} type="file" multiple hidden aria-label={t('add.files')} onChange={taken} />
      <input ref={folder} type="file" {...wholeFolder} hidden aria-label={t('add.folder')} onChange={taken} />
    </>
  );
  return {
    fields,
    chooseFiles: () => files.current?.click(),
    chooseFolder: () => folder.current?.click(),
  };
}
