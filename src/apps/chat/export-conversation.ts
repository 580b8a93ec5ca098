// A conversation as a file: Markdown of the branch that is shown, or JSON of everything.
import type { Conversation, Message, MessagePart } from '../../contracts/conversation.ts';
import { pathTo } from './message-tree.ts';

function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

const marks: Record<'open' | 'doing' | 'done' | 'dropped', string> = {
  open: '[ ]',
  doing: '[ ]',
  done: '[x]',
  dropped: '[-]',
};

function sourcesOf({ sources }: Extract<MessagePart, { type: 'sources' }>): string {
  const lines = sources
    .filter(({ read }) => read)
    .map(({ number, title, path, page }) => {
      const where = title === '' || title === path ? path : `${title} (${path})`;
      return `[${number}] ${where}${page === null ? '' : `, p. ${page}`}`;
    });
  return lines.length === 0 ? '' : `Sources:\n\n${lines.map((line) => `- ${line}`).join('\n')}`;
}

function toolStep(part: Extract<MessagePart, { type: 'tool' }>): string {
  const said = part.result?.content.map((one) => (one.type === 'text' ? one.text : one.mediaType)).join('\n');
  const refused = part.approval?.decision === 'no' ? ' (refused)' : part.result?.isError ? ' (failed)' : '';
  return [
    `**${part.title}**${refused}`,
    fenced(JSON.stringify(part.input, null, 2) ?? ''),
    ...(said === undefined ? ['*not run*'] : [fenced(said)]),
  ].join('\n\n');
}

function markdownOf(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'reasoning':
      return part.text.replace(/^/gm, '> ');
    case 'file':
      return `**${part.name}**\n\n${fenced(part.text)}`;
    case 'sources':
      return sourcesOf(part);
    case 'plan':
      return part.items.map(({ text, status }) => `- ${marks[status]} ${text}`).join('\n');
    case 'tool':
      return toolStep(part);
  }
}

/** What an answer is drawn from stands under it. */
const sourcesLast = (parts: readonly MessagePart[]): MessagePart[] => [
  ...parts.filter(({ type }) => type !== 'sources'),
  ...parts.filter(({ type }) => type === 'sources'),
];

function statusLine({ status, error }: Message): string[] {
  if (status === 'complete') return [];
  return [`*${status}${error === null ? '' : `: ${error.message}`}*`];
}

function toMarkdown(conversation: Conversation, messages: readonly Message[]): string {
  const blocks = [`# ${conversation.title ?? 'Conversation'}`];
  if (conversation.system.trim() !== '') blocks.push('## System', conversation.system);
  for (const message of pathTo(messages, conversation.headId)) {
    const who =
      message.role === 'user' ? 'User' : `Assistant (${message.receipt?.model ?? conversation.model})`;
    const written = sourcesLast(message.parts).map(markdownOf);
    blocks.push(`## ${who}`, ...written.filter((block) => block !== ''), ...statusLine(message));
  }
  return `${blocks.join('\n\n')}\n`;
}

export function exportConversation(
  conversation: Conversation,
  messages: readonly Message[],
  format: 'markdown' | 'json',
): string {
  return format === 'markdown'
    ? toMarkdown(conversation, messages)
    : `${JSON.stringify({ conversation, messages }, null, 2)}\n`;
}
