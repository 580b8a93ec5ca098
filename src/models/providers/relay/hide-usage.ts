// Takes the usage event out of a stream of chat completions whose client had not asked for one. Events with a choice pass
// as the very bytes that came; only the last one, which has none, is looked into.

export interface UsageHider {
  /** Whole events of what came so far; a half event waits for its rest. */
  pass(chunk: Buffer): Uint8Array;
  flush(): Uint8Array;
  readonly hidden: Uint8Array[];
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const noChoices = ['"choices":[]', '"choices": []'].map((text) => Buffer.from(text));

/** Where the last whole event ends; 0: none is whole. */
function endOfEvents(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(NEWLINE); at > 0; at = bytes.lastIndexOf(NEWLINE, at - 1)) {
    const before = bytes[at - 1];
    if (before === NEWLINE || (before === RETURN && bytes[at - 2] === NEWLINE)) return at + 1;
  }
  return 0;
}

/** Whether an event without a choice may be in it, as the one with the usage is; the others pass unread. */
const mayHaveUsage = (bytes: Buffer): boolean => noChoices.some((text) => bytes.includes(text));

function isUsageOnly(event: string): boolean {
  const data = event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n');
  try {
    const { choices, usage } = JSON.parse(data) as { choices?: unknown; usage?: unknown };
    return Array.isArray(choices) && choices.length === 0 && typeof usage === 'object' && usage !== null;
  } catch {
    return false;
  }
}

export function createUsageHider(): UsageHider {
  const hidden: Uint8Array[] = [];
  let carry: Buffer = Buffer.alloc(0);

  function withoutUsage(events: Buffer): Uint8Array {
    if (!mayHaveUsage(events)) return events;
    const kept: string[] = [];
    for (const event of events.toString('utf8').split(/(?<=\r?\n\r?\n)/)) {
      if (isUsageOnly(event)) hidden.push(Buffer.from(event));
      else kept.push(event);
    }
    return Buffer.from(kept.join(''));
  }

  return {
    hidden,
    pass(chunk) {
      const bytes = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      const end = endOfEvents(bytes);
      carry = bytes.subarray(end);
      return end === 0 ? carry.subarray(0, 0) : withoutUsage(bytes.subarray(0, end));
    },
    flush() {
      const rest = carry;
      carry = Buffer.alloc(0);
      return withoutUsage(rest);
    },
  };
}
