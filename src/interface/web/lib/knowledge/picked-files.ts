// Files that a person chose or dropped, each with its path below the folder that was dropped.

export interface PickedFile {
  /** `folder/name.pdf`, or the name alone. */
  path: string;
  file: File;
}

/** What systems leave in folders, and files that their owner hid: nobody means to add them. */
export function isHidden(path: string): boolean {
  return path
    .split('/')
    .some(
      (name) =>
        name.startsWith('.') || name.startsWith('~$') || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(name),
    );
}

/** Of a file field; a folder field gives paths. */
export function pickedFrom(files: Iterable<File>): PickedFile[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/**
 * Everything that was dropped, folders walked to their last file.
 * Call it within the drop event: the browser empties the transfer right after it.
 */
export async function readDropped(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry?.() ?? null, file: item.getAsFile() }));
  const found: PickedFile[] = [];
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
    else if (file) found.push({ path: file.name, file });
  }
  return found;
}

async function walk(folder: FileSystemDirectoryEntry, found: PickedFile[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // It gives at most a hundred at a time, and an empty list at the end.
    const entries = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, found);
      else
        found.push({
          path: entry.fullPath.replace(/^\//, ''),
          file: await fileOf(entry as FileSystemFileEntry),
        });
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, fail) => entry.file(done, fail));
}
