// A conversation as a file: Markdown of the branch that is shown, or JSON of everything.
import type { Conversation, Message, MessagePart } from '../../contracts/conversation.ts';
import { pathTo } from './message-tree.ts';

function markdownOf(part: MessagePart): string {
  if (part.type !== 'text' && part.type !== 'reasoning' && part.type !== 'file') return '';
  if (part.type === 'text') return part.text;
  if (part.type === 'reasoning') return part.text.replace(/^/gm, '> ');
  const longest = Math.max(2, ...(part.text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `**${part.name}**\n\n${fence}\n${part.text}\n${fence}`;
}

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
    blocks.push(`## ${who}`, ...message.parts.map(markdownOf), ...statusLine(message));
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
