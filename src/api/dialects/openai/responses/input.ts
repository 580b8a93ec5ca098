// What was sent as `input`, as items with ids: the form in which they are kept, listed and gone on from.
import { invalid } from '../request.ts';
import { itemId } from './item-ids.ts';
import type { Item, ResponseRequest, StoredItem } from './schema.ts';

const prefixes: Record<string, string> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  reasoning: 'rs',
};

function messageItem(item: Item): Item {
  const { content, role } = item;
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return {
    ...item,
    type: 'message',
    status: 'completed',
    content: typeof content === 'string' ? [{ type, text: content }] : content,
  };
}

/** Where an item that is only named is found. Null: nowhere. */
export type FindItem = (id: string) => Promise<StoredItem | null>;

/** @throws AtelierError invalid_request for an item that is no item, or a reference to none */
export async function toStoredItems(
  input: ResponseRequest['input'],
  responseId: string,
  find: FindItem,
): Promise<StoredItem[]> {
  const items: Item[] =
    typeof input === 'string' ? [{ type: 'message', role: 'user', content: input }] : (input ?? []);
  return Promise.all(
    items.map(async (item, place): Promise<StoredItem> => {
      const type = typeof item.type === 'string' ? item.type : 'role' in item ? 'message' : null;
      if (type === null) throw invalid(`input[${place}].type`, 'an item has a type, or a role and content.');
      if (type === 'item_reference') {
        const id = String(item.id);
        const found = await find(id);
        if (found === null)
          throw invalid(
            `input[${place}].id`,
            `there is no item ${id}. Items of a response that was not stored have to be sent in full.`,
          );
        return found;
      }
      const id =
        typeof item.id === 'string' && item.id !== ''
          ? item.id
          : itemId(prefixes[type] ?? 'item', responseId, place, 'in');
      return { ...(type === 'message' ? messageItem(item) : item), type, id };
    }),
  );
}
