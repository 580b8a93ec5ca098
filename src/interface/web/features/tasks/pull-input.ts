// What was asked of a download, read from its task, so that it can be asked again.
import type { PullInput } from '../../../../contracts/catalogue.ts';
import type { Task } from '../../../../contracts/task.ts';

interface HubFile {
  repo: string;
  file: string;
  revision: string;
}

export function pullInputOf({ kind, payload }: Pick<Task, 'kind' | 'payload'>): PullInput | null {
  if (kind !== 'models.download') return null;
  const { id, folder, hub } = payload as { id?: string; folder?: string; hub?: HubFile };
  // The id beside them is what the model is called here, and in no catalogue.
  if (folder !== undefined) return { path: folder };
  if (hub !== undefined) return { repo: hub.repo, file: hub.file, revision: hub.revision };
  return id === undefined ? null : { id };
}
