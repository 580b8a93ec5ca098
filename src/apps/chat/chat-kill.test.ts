// kill -9 in the middle of an answer: every confirmed message is there, and at most the last 500 ms of text are missing.
// 3 times, 20 in the long run; ATELIER_KILLS sets another number.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChat } from '../../../test/open-chat.ts';
import { openTestStore, type TestStore } from '../../../test/open-test-store.ts';
import { writtenText } from '../../contracts/conversation.ts';
import { localIdentity as me } from '../../contracts/identity.ts';

const kills = Number(process.env.ATELIER_KILLS ?? (process.env.ATELIER_LONG ? 20 : 3));
const LOST_AT_MOST_MS = 500;
const program = join(import.meta.dirname, '../../../test/answer-until-killed.ts');

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
});
afterAll(() => opened.dispose());

type Line =
  | { sent: { user: string; assistant: string } }
  | { seen: { id: string; text: string; at: number } }
  | { finished: { id: string; status: string } };

/** Runs the program until some text was shown and `moment` ms more, then kills it. */
async function answerAndKill(dataDir: string, conversationId: string, moment: number) {
  const child = spawn(process.execPath, [program, dataDir, conversationId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [];
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let killedAt = 0;
  let answers = 0;
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if ('sent' in line) answers += 1;
    if (answers === 2 && 'seen' in line && killedAt === 0) {
      killedAt = Number.POSITIVE_INFINITY;
      setTimeout(() => {
        killedAt = Date.now();
        child.kill('SIGKILL');
      }, moment);
    }
  }
  await exited;
  expect(child.signalCode).toBe('SIGKILL');
  return { lines, killedAt };
}

test(
  `nothing confirmed is lost in ${kills} kills`,
  async () => {
    const first = openChat(opened.store);
    const { id } = await first.chat.create(me, { model: 'lab/script' });
    await first.close();
    let messages = 0;
    for (let kill = 1; kill <= kills; kill++) {
      await opened.store.close();
      const { lines, killedAt } = await answerAndKill(opened.dataDir, id, 100 + ((kill * 271) % 700));

      const after = openChat(await opened.reopen());
      expect(await after.chat.recover()).toBe(1);
      const stored = new Map((await after.chat.get(me, id)).messages.map((message) => [message.id, message]));
      const sent = lines.flatMap((line) => ('sent' in line ? [line.sent] : []));
      messages += 2 * sent.length;
      expect(stored.size).toBe(messages);
      for (const { user, assistant } of sent) {
        expect(stored.get(user)?.parts.map(writtenText).join('')).toContain('#words');
        const answer = stored.get(assistant);
        const text = answer?.parts.map(writtenText).join('') ?? '';
        const seen = lines.flatMap((line) =>
          'seen' in line && line.seen.id === assistant ? [line.seen] : [],
        );
        const shown = seen.map((delta) => delta.text).join('');
        const finished = lines.some((line) => 'finished' in line && line.finished.id === assistant);
        if (finished) expect([answer?.status, text]).toEqual(['complete', shown]);
        else {
          expect(answer?.status).toBe('interrupted');
          const safe = seen.filter((delta) => delta.at <= killedAt - LOST_AT_MOST_MS);
          expect(text.startsWith(safe.map((delta) => delta.text).join(''))).toBe(true);
          expect(shown.startsWith(text) || text.startsWith(shown)).toBe(true);
        }
      }
      await after.close();
    }
  },
  15_000 + kills * 10_000,
);
