// Responses that are being written in this process: they can be read, followed and cancelled by their owner.
import type { EventLog } from './event-log.ts';
import type { ResponseObject } from './response-object.ts';
import type { StoredItem } from './schema.ts';

export interface LiveResponse {
  userId: string;
  response: ResponseObject;
  inputItems: StoredItem[];
  /** Null where the client that asked is the only reader. */
  log: EventLog | null;
  /** Deleted while it was being written: nothing of it is kept. */
  deleted: boolean;
  cancel(): void;
  /** Resolves when it has ended and is stored. */
  ended: Promise<void>;
}

export interface LiveResponses {
  add(live: LiveResponse): void;
  get(userId: string, id: string): LiveResponse | null;
}

export function createLiveResponses(): LiveResponses {
  const byId = new Map<string, LiveResponse>();
  return {
    add(live) {
      const { id } = live.response;
      byId.set(id, live);
      void live.ended.finally(() => byId.delete(id));
    },
    get(userId, id) {
      const live = byId.get(id);
      return live?.userId === userId ? live : null;
    },
  };
}
