// What was done in a review, newest last, each with the way back.

export interface Undoable {
  label: string;
  back: () => Promise<unknown>;
}

export interface UndoStack {
  push(done: Undoable): void;
  /** Takes the newest back; null when nothing is left. Put again when its way back fails. */
  undo(): Promise<string | null>;
}

const MOST = 50;

export function createUndoStack(): UndoStack {
  const done: Undoable[] = [];
  return {
    push(one) {
      done.push(one);
      if (done.length > MOST) done.shift();
    },
    async undo() {
      const last = done.pop();
      if (last === undefined) return null;
      try {
        await last.back();
      } catch (error) {
        done.push(last);
        throw error;
      }
      return last.label;
    },
  };
}
