// The tools in the data folder's `tools/`: one file, one tool or more.
import type { ToolDefinition, ToolFault } from '../../contracts/tool.ts';
import type { ToolSource } from '../tool-registry.ts';
import { createUserFolder, type UserFolderOptions } from '../user-code/create-user-folder.ts';
import { collectTools } from './collect-tools.ts';

export type UserToolsOptions = Omit<
  UserFolderOptions<readonly ToolDefinition[]>,
  'noun' | 'code' | 'collect'
>;

export interface UserTools extends ToolSource {
  faults(): readonly ToolFault[];
  onChange(listener: () => void): () => void;
  /** Looks at the folder now. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the folder, loads what is in it, and follows changes. */
export async function createUserTools(options: UserToolsOptions): Promise<UserTools> {
  const folder = await createUserFolder({
    ...options,
    noun: 'tool',
    code: 'tool_failed',
    collect: collectTools,
  });
  return {
    kind: 'user',
    tools: () =>
      folder.files().flatMap(({ file, content }) => content.map((tool) => ({ tool, origin: file }))),
    faults: () =>
      folder.faults().map(({ file, error }) => ({ source: 'user', origin: file, name: null, error })),
    onChange: folder.onChange,
    reload: folder.reload,
    close: folder.close,
  };
}
