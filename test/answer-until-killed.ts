// A program for the kill test: answers in a conversation and says on stdout what a page would have shown, until it is
// killed. Lines are JSON: {sent} once a message is confirmed, {seen} for each event of the answer with its time.
import { localIdentity } from '../src/contracts/identity.ts';
import { silentLog } from '../src/lib/log.ts';
import { openStore } from '../src/store/open-store.ts';
import { openChat } from './open-chat.ts';

const [dataDir = '', conversationId = ''] = process.argv.slice(2);
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

const { chat, runs } = openChat(await openStore({ dataDir, log: silentLog }));
await chat.recover();
for (let round = 0; ; round++) {
  const question = `#delay 2\n#words ${round === 0 ? 20 : 100_000}`;
  const sent = await chat.send(localIdentity, conversationId, { parts: [{ type: 'text', text: question }] });
  say({ sent: { user: sent.user?.id, assistant: sent.assistant.id } });
  for await (const { event } of runs.watch(sent.assistant.runId ?? '', localIdentity.userId, 0)) {
    if (event.type === 'text-delta')
      say({ seen: { id: sent.assistant.id, text: event.delta, at: Date.now() } });
    if (event.type === 'run-finish') say({ finished: { id: sent.assistant.id, status: event.status } });
  }
}
