// What the trial of a user's file reports.

export interface CheckTask {
  url: string;
  folderUrl: string;
}

export type CheckOutcome = { ok: true } | { ok: false; name: string; message: string; stack: string };
