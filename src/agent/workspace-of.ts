// Where the files of a run lie: runs in one conversation share a folder, so that a later answer finds what an earlier one
// wrote.
export const workspaceOf = (run: { id: string; conversationId: string | null }): string =>
  run.conversationId ?? run.id;
