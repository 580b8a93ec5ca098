// The chat application's promises, on a real store, the real gateway and scripted models.
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hitOf } from '../../src/agent/answers/testing/found.ts';
import type { FirstRun } from '../../src/contracts/catalogue.ts';
import {
  conversationSchema,
  type Message,
  messageSchema,
  receiptSchema,
  writtenText,
} from '../../src/contracts/conversation.ts';
import type { ErrorBody } from '../../src/contracts/errors.ts';
import type { Identity } from '../../src/contracts/identity.ts';
import type { SearchHit } from '../../src/contracts/knowledge.ts';
import type { AtelierOptions } from '../../src/contracts/model.ts';
import type { LoggedEvent } from '../../src/contracts/run.ts';
import { traceFilterSchema } from '../../src/contracts/span.ts';
import { createScriptedProvider } from '../../src/models/providers/scripted/scripted-provider.ts';
import { labProvider, openChat, openWorkingChat, type TestChat, type WorkingChat } from '../open-chat.ts';
import type { TestStore } from '../open-test-store.ts';

export function chatSuite(name: string, openStore: () => Promise<TestStore>): void {
  describe(`the chat on ${name}`, () => {
    const ada: Identity = { userId: 'ada', role: 'member' };
    let opened: TestStore;
    let on: TestChat;
    /** A new person for each test, so that one store serves all. */
    let me: Identity;
    let people = 0;
    beforeAll(async () => {
      opened = await openStore();
    });
    afterAll(() => opened.dispose());
    beforeEach(() => {
      me = { userId: `person_${++people}`, role: 'member' };
      on = openChat(opened.store);
    });
    afterEach(() => on.close());

    const text = (words: string) => [{ type: 'text' as const, text: words }];
    const textOf = (message: Message) => message.parts.map(writtenText).join('|');
    const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const begin = (model = 'scripted/script') => on.chat.create(me, { model });
    async function ask(id: string, words: string, more: { parentId?: string | null; model?: string } = {}) {
      const sent = await on.chat.send(me, id, { parts: text(words), ...more });
      return { ...sent, answer: await on.settled(sent.assistant.id, me) };
    }
    /** Resolves when some of the answer was written. */
    async function someText(runId: string | null): Promise<void> {
      let deltas = 0;
      for await (const { event } of on.runs.watch(runId ?? '', me.userId, 0)) {
        if (event.type === 'text-delta') deltas += 1;
        if (deltas > 5) return;
      }
    }
    async function follow(runId: string, after = 0): Promise<LoggedEvent[]> {
      const events = [];
      for await (const event of on.runs.watch(runId, me.userId, after)) events.push(event);
      return events;
    }

    describe('an answer', () => {
      test('is stored with its parts and what it took', async () => {
        const { id } = await begin();
        const { user, answer, conversation } = await ask(
          id,
          '#reasoning I think\n#text Hello there, friend.',
        );
        expect(messageSchema.parse(answer)).toMatchObject({
          status: 'complete',
          parts: [
            { type: 'reasoning', text: 'I think' },
            { type: 'text', text: 'Hello there, friend.' },
          ],
          parentId: user?.id,
          error: null,
        });
        const receipt = receiptSchema.parse(answer.receipt);
        expect(receipt).toMatchObject({
          model: 'scripted/script',
          place: { kind: 'scripted' },
          cost: { kind: 'none' },
          finishReason: 'stop',
          usage: { output: 5 },
        });
        expect(receipt.usage.input).toBeGreaterThan(0);
        expect(receipt.timeToFirstTokenMs).not.toBeNull();
        expect(conversation.headId).toBe(answer.id);
        await on.ledger.flush();
        const trace = await on.ledger.getTrace(receipt.traceId, me.userId);
        expect(trace.summary).toMatchObject({ conversationId: id, usage: receipt.usage, source: 'page' });
        expect(trace.spans.some(({ spanId }) => spanId === receipt.spanId)).toBe(true);
      });

      test('is followed live by two readers and from every place', async () => {
        const { id } = await begin();
        const { assistant } = await on.chat.send(me, id, { parts: text('#status\n#delay 1\n#words 60') });
        const runId = assistant.runId!;
        const [one, two] = await Promise.all([follow(runId), sleep(60).then(() => follow(runId))]);
        expect(two).toEqual(one);
        expect(one.map(({ seq }) => seq)).toEqual(one.map((_, index) => index + 1));
        expect(one[0]?.event).toMatchObject({
          type: 'run-start',
          messageId: assistant.id,
          model: 'scripted/script',
        });
        const states = one.flatMap(({ event }) => (event.type === 'run-status' ? [event.status.status] : []));
        expect(new Set(states)).toEqual(new Set(['queued', 'loading', 'reading', 'writing']));
        expect(one.at(-1)?.event).toMatchObject({ type: 'run-finish', status: 'complete' });
        const message = await on.settled(assistant.id, me);
        const written = one
          .flatMap(({ event }) => (event.type === 'text-delta' ? [event.delta] : []))
          .join('');
        expect(written).toBe(textOf(message));
        for (let after = 0; after <= one.length; after++)
          expect(await follow(runId, after)).toEqual(one.slice(after));
      });

      test('that is stopped keeps its text and what was counted', async () => {
        const { id } = await begin();
        const { assistant } = await on.chat.send(me, id, { parts: text('#delay 5\n#words 4000') });
        await someText(assistant.runId);
        await on.runs.cancel(assistant.runId!, me.userId);
        const answer = await on.settled(assistant.id, me);
        expect(answer.status).toBe('stopped');
        expect(textOf(answer).length).toBeGreaterThan(10);
        expect(answer.receipt).toMatchObject({ finishReason: 'stopped', cost: { kind: 'none' } });
        expect(answer.receipt?.usage.output).toBeGreaterThan(3);
        // The next message sees what was written.
        const next = await ask(id, '#text on');
        expect(next.answer.receipt?.usage.input).toBeGreaterThan(answer.receipt!.usage.output);
      });

      test('that is stopped hears no more of its engine, which may be in the middle of a batch', async () => {
        const engine = labProvider();
        const late = Promise.withResolvers<void>();
        const speaksOn = async (name: string) => {
          const found = await engine.resolve(name);
          const doStream: LanguageModelV4['doStream'] = async (options) => {
            const atelier = options.providerOptions?.atelier as AtelierOptions | undefined;
            const onStatus = atelier?.onStatus;
            onStatus?.({ status: 'reading', done: 0, total: 2 });
            // Longer than a stopped call may take to report its usage.
            options.abortSignal?.addEventListener('abort', () =>
              setTimeout(() => {
                onStatus?.({ status: 'reading', done: 1, total: 2 });
                late.resolve();
              }, 500),
            );
            return { stream: new ReadableStream() };
          };
          return found && { ...found, language: { ...found.language!, doStream } };
        };
        const own = openChat(opened.store, { providers: () => [{ ...engine, resolve: speaksOn }] });
        const { id } = await own.chat.create(me, { model: 'lab/script' });
        const { assistant } = await own.chat.send(me, id, { parts: text('A long prompt') });
        for await (const { event } of own.runs.watch(assistant.runId!, me.userId, 0))
          if (event.type === 'run-status' && event.status.status === 'reading')
            await own.runs.cancel(assistant.runId!, me.userId);
        expect(await own.settled(assistant.id, me)).toMatchObject({ status: 'stopped' });
        await late.promise;
        const last = (await own.runs.events(assistant.runId!)).at(-1);
        expect(last?.event.type).toBe('run-finish');
        await own.close();
      });

      test('that fails keeps its text and says why', async () => {
        const { id } = await begin();
        const cut = await ask(id, '#text Half an\n#error-mid The wire was cut');
        expect(cut.answer).toMatchObject({
          status: 'failed',
          error: { code: 'provider_failed', message: 'The wire was cut' },
        });
        expect(textOf(cut.answer)).toBe('Half an');
        expect(cut.answer.receipt?.traceId).toHaveLength(32);
        const refused = await ask(id, '#error 429 Slow down');
        expect(refused.answer).toMatchObject({
          status: 'failed',
          parts: [],
          error: { code: 'provider_rate_limited', retryable: true },
        });
        // A failed answer is not part of the next prompt.
        const next = await ask(id, '#text fine');
        expect(next.answer.status).toBe('complete');
        await on.ledger.flush();
        const { spans } = await on.ledger.getTrace(next.answer.receipt!.traceId, null);
        expect(JSON.stringify(spans[0]?.input)).not.toContain('assistant');
      });

      test('under way at the end of the program is marked as interrupted', async () => {
        const { id } = await begin();
        const { assistant } = await on.chat.send(me, id, { parts: text('#delay 5\n#words 4000') });
        await someText(assistant.runId);
        const started = performance.now();
        await on.close();
        expect(performance.now() - started).toBeLessThan(5000);
        on = openChat(opened.store);
        const { messages } = await on.chat.get(me, id);
        const answer = messages.find((message) => message.id === assistant.id)!;
        expect(answer.status).toBe('interrupted');
        expect(textOf(answer)).not.toBe('');
        await expect(ask(id, '#text on')).resolves.toBeDefined();
      });

      test('does not keep the application from closing', async () => {
        const { id } = await begin();
        await on.chat.send(me, id, { parts: text('#delay 50\n#words 4000') });
        await on.chat.close(); // closes at once; the run log ends the answer
      });

      test('left by a crash is rebuilt from its events, and the conversation goes on', async () => {
        const { id } = await begin();
        const { assistant } = await on.chat.send(me, id, { parts: text('#delay 5\n#words 4000') });
        await expect
          .poll(async () => (await on.runs.events(assistant.runId!)).length, { timeout: 10_000 })
          .toBeGreaterThan(10);
        const next = openChat(opened.store);
        const running = { ...next, runs: next.runs };
        // The writer of here is alive, unlike one that a crash took, and may be a step ahead of who takes over.
        await expect.poll(() => running.chat.recover()).toBe(1);
        const { messages } = await next.chat.get(me, id);
        expect(messages.at(-1)).toMatchObject({ id: assistant.id, status: 'interrupted' });
        expect(textOf(messages.at(-1)!)).not.toBe('');
        expect((await next.runs.get(assistant.runId!, me.userId)).status).toBe('interrupted');
        expect(await next.chat.recover()).toBe(0);
        await next.close();
      });

      test('one at a time in a conversation', async () => {
        const { id } = await begin();
        const both = await Promise.allSettled([
          on.chat.send(me, id, { parts: text('#delay 5\n#words 50') }),
          on.chat.send(me, id, { parts: text('#text b') }),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const refused = both.find((one) => one.status === 'rejected');
        expect(refused?.reason).toMatchObject({ code: 'conflict' });
        const { messages } = await on.chat.get(me, id);
        expect(messages).toHaveLength(2);
        await on.settled(messages[1]!.id, me);
        await expect(ask(id, '#text b')).resolves.toBeDefined();
      });
    });

    describe('a model that is still being fetched', () => {
      const firstRun: FirstRun = {
        state: 'working',
        chosen: 'small',
        reason: null,
        taskId: 't',
        attempts: [],
      };
      test('the message is taken, its answer waits and says how far it is', async () => {
        let ready = false;
        let done = 10;
        on = openChat(opened.store, {
          providers: () => (ready ? [labProvider()] : []),
          firstRun: () => firstRun,
          progressOf: async () => ({ done, total: 100, unit: 'bytes', perSecond: null, note: null }),
        });
        const { id } = await on.chat.create(me, {});
        const { assistant } = await on.chat.send(me, id, { parts: text('#text hello') });
        const progress: (number | null)[] = [];
        const watching = (async () => {
          for await (const { event } of on.runs.watch(assistant.runId!, me.userId, 0)) {
            if (event.type === 'run-status' && event.status.status === 'loading')
              progress.push(event.status.progress);
          }
        })();
        await expect.poll(() => progress, { timeout: 10_000 }).toEqual([0.1]);
        done = 60;
        await expect.poll(() => progress, { timeout: 10_000 }).toEqual([0.1, 0.6]);
        ready = true;
        const answer = await on.settled(assistant.id, me);
        expect(answer).toMatchObject({ status: 'complete', receipt: { place: { kind: 'local' } } });
        await watching;
        expect(progress).toEqual([0.1, 0.6]);
      });

      test('when the download fails for good, the answer fails with that error', async () => {
        const error: ErrorBody = {
          code: 'download_failed',
          message: 'No source answered.',
          data: {},
          retryable: true,
        };
        let run = firstRun;
        on = openChat(opened.store, { providers: () => [], firstRun: () => run });
        const { id } = await on.chat.create(me, {});
        const { assistant } = await on.chat.send(me, id, { parts: text('#text hello') });
        run = {
          ...firstRun,
          state: 'failed',
          attempts: [{ model: 'small', source: 'hub', outcome: 'failed', error }],
        };
        expect(await on.settled(assistant.id, me)).toMatchObject({
          status: 'failed',
          error: { code: 'download_failed' },
        });
      });

      test('waiting can be stopped', async () => {
        on = openChat(opened.store, { providers: () => [], firstRun: () => firstRun });
        const { id } = await on.chat.create(me, {});
        const { assistant } = await on.chat.send(me, id, { parts: text('#text hello') });
        await sleep(50);
        await on.runs.cancel(assistant.runId!, me.userId);
        expect(await on.settled(assistant.id, me)).toMatchObject({ status: 'stopped', receipt: null });
      });
    });

    describe('what is refused, before anything is stored', () => {
      test.each([
        ['nothing', [], {}, 'invalid_request'],
        ['blanks', text(' \n'), {}, 'invalid_request'],
        ['reasoning', [{ type: 'reasoning' as const, text: 'x' }], {}, 'invalid_request'],
        ['more than 8 MB', text('é'.repeat(4.2 * 1024 * 1024)), {}, 'payload_too_large'],
        ['a parent that is not there', text('x'), { parentId: 'msg_none' }, 'invalid_request'],
        ['an unknown model', text('x'), { model: 'nobody/nothing' }, 'model_not_found'],
        ['an embedding model', text('x'), { model: 'scripted/embed' }, 'invalid_request'],
        ['more than the context holds', text('word '.repeat(500)), {}, 'context_overflow'],
      ])('%s', async (_name, parts, more, code) => {
        const { id } = await begin();
        await expect(on.chat.send(me, id, { parts, ...more })).rejects.toMatchObject({ code });
        expect((await on.chat.get(me, id)).messages).toEqual([]);
        await expect(ask(id, '#text fine')).resolves.toBeDefined();
      });

      test('a full context is told with both numbers', async () => {
        const { id } = await begin();
        const words = text('word '.repeat(500));
        const counted = await on.chat.count(me, id, { parts: words });
        await expect(on.chat.send(me, id, { parts: words })).rejects.toMatchObject({
          data: { promptTokens: counted.tokens, contextLength: 400 },
        });
        expect(counted.contextLength).toBe(400);
      });

      test('a megabyte of text is one message', async () => {
        const { id } = await begin('lab/echo');
        const big = labProvider({ contextLength: null });
        on = openChat(opened.store, { providers: () => [big, createScriptedProvider()] });
        const { user } = await on.chat.send(me, id, {
          parts: [{ type: 'file', name: 'notes.txt', mediaType: 'text/plain', text: 'x'.repeat(1_000_000) }],
        });
        expect(
          textOf((await on.chat.get(me, id)).messages.find(({ id: own }) => own === user?.id)!),
        ).toHaveLength(1_000_000);
      });
    });

    describe('an answer from documents', () => {
      const found = hitOf({
        scores: { lexical: 30, vector: 0.95, rerank: null },
        text: 'The bridge opened in 1932.',
      });
      const foreign = hitOf({ scores: { lexical: 0.1, vector: 0.7, rerank: null }, text: 'Bread is baked.' });
      let work: WorkingChat;
      const withHits = async (...hits: SearchHit[]) => {
        work = await openWorkingChat(opened.store, opened.dataDir, hits);
      };
      afterEach(() => work.close());
      async function asked(words: string, knowledge = ['col_1']) {
        const { id } = await work.chat.create(me, { model: 'scripted/script', knowledge });
        const { assistant } = await work.chat.send(me, id, { parts: text(words) });
        return { id, answer: await work.settled(assistant.id, me) };
      }

      test('stands behind its sources, in one trace that the receipt sums', async () => {
        await withHits(found);
        const { id, answer } = await asked('When did the bridge open?\n#text It opened in 1932 [1].');
        expect(messageSchema.parse(answer)).toMatchObject({
          status: 'complete',
          parts: [
            { type: 'sources', sources: [{ number: 1, read: true }], verdict: { inDocuments: true } },
            { type: 'text', text: 'It opened in 1932 [1].' },
          ],
        });
        const receipt = receiptSchema.parse(answer.receipt);
        await work.ledger.flush();
        const trace = await work.ledger.getTrace(receipt.traceId, me.userId);
        expect(trace.summary).toMatchObject({
          name: 'page request (documents)',
          conversationId: id,
          status: 'ok',
          usage: receipt.usage,
          cost: receipt.cost,
        });
        const root = trace.spans.find(({ parentId }) => parentId === null);
        expect(root).toMatchObject({ kind: 'request', status: 'ok' });
        const turn = trace.spans.find(({ spanId }) => spanId === receipt.spanId);
        expect(turn).toMatchObject({ name: 'answer from knowledge', parentId: root?.spanId });
        expect(trace.spans.find(({ kind }) => kind === 'model')?.parentId).toBe(turn?.spanId);
        const rated = await work.chat.rate(me, answer.id, { value: 1, reason: null, correction: null });
        expect(rated).toMatchObject({ value: 1 });
        const file = await work.chat.export(me, id, 'markdown');
        expect(file).toContain('It opened in 1932 [1].\n\nSources:\n\n- [1] Sydney (sydney.txt)');
      });

      test('is not written where the documents do not hold it', async () => {
        await withHits(foreign);
        const { answer } = await asked('When did the bridge open?\n#text It opened in 1932.');
        expect(textOf(answer)).toMatch(/^\|?Your documents do not answer this question/);
        expect(answer).toMatchObject({
          status: 'complete',
          parts: [{ verdict: { inDocuments: false } }, {}],
        });
        expect(answer.receipt?.notes).toEqual([expect.stringContaining('no model wrote')]);
        const again = await work.chat.regenerate(me, answer.id, { readAnyway: true });
        const read = await work.settled(again.assistant.id, me);
        expect(textOf(read)).toMatch(/^\|?It opened in 1932/);
        expect(read.parts[0]).toMatchObject({ sources: [{ read: true }], verdict: { inDocuments: true } });
      });

      test('reads a file that came with the question, where the documents hold nothing', async () => {
        await withHits(foreign);
        const { id } = await work.chat.create(me, { model: 'scripted/script', knowledge: ['col_1'] });
        const file = {
          type: 'file' as const,
          name: 'offer.txt',
          mediaType: 'text/plain',
          text: 'Ends in May.',
        };
        const parts = [...text('When does the offer end?\n#text In May.'), file];
        const { assistant } = await work.chat.send(me, id, { parts });
        const answer = await work.settled(assistant.id, me);
        expect(answer).toMatchObject({
          status: 'complete',
          parts: [
            { type: 'sources', verdict: null },
            { type: 'text', text: 'In May.' },
          ],
        });
        await work.ledger.flush();
        const { spans } = await work.ledger.getTrace(answer.receipt?.traceId ?? '', me.userId);
        expect(JSON.stringify(spans.find(({ kind }) => kind === 'model')?.input)).toContain('Ends in May.');
      });

      test('is counted with its rules, its files and room for passages, and without the turns before', async () => {
        await withHits(found);
        const { id } = await work.chat.create(me, { model: 'scripted/script' });
        const parts = text('When did the bridge of Sydney open?');
        const plain = await work.chat.count(me, id, { parts });
        expect(plain).toMatchObject({ by: 'model', passageTokens: null });
        const counted = await work.chat.count(me, id, { parts, knowledge: ['col_1'] });
        expect(counted).toMatchObject({ by: 'knowledge', passageTokens: expect.any(Number) });
        expect(counted.tokens).toBeGreaterThan((plain.tokens ?? 0) + 20);
        const file = {
          type: 'file' as const,
          name: 'a.txt',
          mediaType: 'text/plain',
          text: 'word '.repeat(40),
        };
        const more = await work.chat.count(me, id, { parts: [...parts, file], knowledge: ['col_1'] });
        expect(more.tokens).toBeGreaterThan((counted.tokens ?? 0) + 40);
        expect(more.passageTokens).toBeLessThan(counted.passageTokens ?? 0);
      });

      test('that fails says why and keeps its sources', async () => {
        await withHits(found);
        const { answer } = await asked('When did the bridge open?\n#text It\n#error-mid The wire was cut');
        expect(answer).toMatchObject({ status: 'failed', error: { message: 'The wire was cut' } });
        expect(answer.parts.map(({ type }) => type)).toEqual(['sources', 'text']);
      });

      test('can be stopped', async () => {
        await withHits(found);
        const { id } = await work.chat.create(me, { model: 'scripted/script', knowledge: ['col_1'] });
        const question = 'When did the bridge open?\n#delay 5\n#words 4000';
        const { assistant } = await work.chat.send(me, id, { parts: text(question) });
        for await (const { event } of work.runs.watch(assistant.runId ?? '', me.userId, 0))
          if (event.type === 'text-delta') break;
        await work.runs.cancel(assistant.runId ?? '', me.userId);
        const answer = await work.settled(assistant.id, me);
        expect(answer).toMatchObject({ status: 'stopped', receipt: { finishReason: 'stopped' } });
        expect(textOf(answer)).not.toBe('|');
      });
    });

    describe('an agent in a conversation', () => {
      let work: WorkingChat;
      beforeEach(async () => {
        work = await openWorkingChat(opened.store, opened.dataDir);
      });
      afterEach(() => work.close());

      test('is counted with its instructions and its tools', async () => {
        const { id } = await work.chat.create(me, { model: 'lab/script' });
        const input = { parts: text('What is 6 times 7?') };
        const plain = await work.chat.count(me, id, input);
        const one = await work.chat.count(me, id, { ...input, tools: ['calculator'] });
        const two = await work.chat.count(me, id, { ...input, tools: ['calculator', 'read_file'] });
        expect(one).toMatchObject({ by: 'agent', passageTokens: null });
        expect(one.tokens).toBeGreaterThan((plain.tokens ?? 0) + 50);
        expect(two.tokens).toBeGreaterThan(one.tokens ?? 0);
        await expect(work.chat.count(me, id, { ...input, agent: 'nobody' })).rejects.toMatchObject({
          code: 'not_found',
        });
      });

      test('is no way round the scope of a key: neither asking nor counting', async () => {
        const limited = { ...me, models: ['scripted/echo'] };
        const { id } = await work.chat.create(me, { model: 'scripted/script', tools: ['calculator'] });
        const refused = { code: 'forbidden', message: expect.stringContaining('scripted/script') };
        await expect(work.chat.send(limited, id, { parts: text('hi') })).rejects.toMatchObject(refused);
        await expect(work.chat.count(limited, id, { parts: text('hi') })).rejects.toMatchObject(refused);
        await work.chat.update(me, id, { model: 'scripted/echo' });
        const sent = await work.chat.send(limited, id, { parts: text('hi') });
        expect((await work.settled(sent.assistant.id, me)).status).not.toBe('running');
      });

      test('with tools is the assistant’s, which a key for other apps may neither ask nor have counted', async () => {
        const limited = { ...me, apps: ['writer', 'agents/researcher'] };
        const { id } = await work.chat.create(me, { model: 'scripted/script', tools: ['calculator'] });
        const refused = { code: 'not_found', message: 'There is no agent assistant.' };
        await expect(work.chat.send(limited, id, { parts: text('hi') })).rejects.toMatchObject(refused);
        await expect(work.chat.count(limited, id, { parts: text('hi') })).rejects.toMatchObject(refused);
        expect((await work.chat.get(me, id)).messages).toEqual([]);
        const may = { ...limited, apps: ['agents/assistant'] };
        expect(await work.chat.count(may, id, { parts: text('hi') })).toMatchObject({ by: 'agent' });
      });

      test('uses the tools that were allowed, and a later answer knows what it did', async () => {
        const { id } = await work.chat.create(me, { model: 'scripted/script', tools: ['calculator'] });
        const script =
          '#plan Take six and seven | Compute | Answer\n#tool calculator {"expression":"6*7"}\n#step\n#text It is 42.';
        const sent = await work.chat.send(me, id, { parts: text(script) });
        const answer = messageSchema.parse(await work.settled(sent.assistant.id, me));
        expect(answer.status).toBe('complete');
        expect(answer.parts).toMatchObject([
          { type: 'plan' },
          { type: 'tool', toolName: 'calculator', result: { content: [{ text: '42' }], isError: false } },
          { type: 'text', text: 'It is 42.' },
        ]);
        await work.ledger.flush();
        const trace = await work.ledger.getTrace(answer.receipt?.traceId ?? '', me.userId);
        expect(trace.summary).toMatchObject({ conversationId: id, usage: answer.receipt?.usage });
        expect(trace.spans.some(({ name }) => name === 'execute_tool calculator')).toBe(true);
        const root = trace.spans.find(({ parentId }) => parentId === null);
        expect(root).toMatchObject({ name: 'page request (agent assistant)', kind: 'request', status: 'ok' });
        expect(trace.spans.find(({ name }) => name === 'invoke_agent assistant')?.parentId).toBe(
          root?.spanId,
        );
        const file = await work.chat.export(me, id, 'markdown');
        expect(file).toContain('**Calculator**');
        expect(file).toContain('"expression": "6*7"');

        await work.chat.update(me, id, { tools: [] });
        const next = await work.chat.send(me, id, { parts: text('#text Yes.') });
        const { receipt } = await work.settled(next.assistant.id, me);
        await work.ledger.flush();
        const { spans } = await work.ledger.getTrace(receipt?.traceId ?? '', me.userId);
        const prompt = JSON.stringify(spans.find(({ kind }) => kind === 'model')?.input);
        expect(prompt).toContain('(Used calculator');
        expect(prompt).toContain(': 42)');
      });

      test('that is gone is refused before anything is stored', async () => {
        const { id } = await work.chat.create(me, { model: 'scripted/script', agent: 'nobody' });
        await expect(work.chat.send(me, id, { parts: text('Hello') })).rejects.toMatchObject({
          code: 'not_found',
        });
        expect((await work.chat.get(me, id)).messages).toEqual([]);
      });

      test('goes on after the program stopped while it waited for an approval', async () => {
        const { id } = await work.chat.create(me, { model: 'scripted/script', tools: ['write_file'] });
        const script = '#tool write_file {"path":"a.txt","content":"42"}\n#step\n#text Written.';
        const { assistant } = await work.chat.send(me, id, { parts: text(script) });
        const runId = assistant.runId ?? '';
        for await (const { event } of work.runs.watch(runId, me.userId, 0))
          if (event.type === 'tool-approval-request') break;
        await work.close();

        work = await openWorkingChat(opened.store, opened.dataDir);
        expect((await work.chat.get(me, id)).messages.at(-1)?.status).toBe('running');
        expect(await work.chat.recover()).toBe(1);
        await expect(work.chat.send(me, id, { parts: text('Now?') })).rejects.toMatchObject({
          code: 'conflict',
        });
        const [approval] = await work.agents.approvals(me, { open: true, runId });
        expect(approval).toMatchObject({ toolName: 'write_file', conversationId: id });
        await work.agents.respond(me, approval?.id ?? '', { decision: 'yes' });
        const answer = await work.settled(assistant.id, me);
        expect(answer.status).toBe('complete');
        expect(answer.parts.filter(({ type }) => type === 'tool')).toMatchObject([
          { approval: { decision: 'yes' }, result: { isError: false } },
        ]);
        expect(textOf(answer)).toMatch(/Written\.$/);
      });
    });

    describe('branches', () => {
      test('an edit is a branch; the shown one can be switched', async () => {
        const { id } = await begin();
        const first = await ask(id, '#text one');
        const second = await ask(id, '#text two');
        const edited = await ask(id, '#text two, better', { parentId: first.answer.id });
        expect(edited.user?.parentId).toBe(first.answer.id);
        const { conversation, messages } = await on.chat.get(me, id);
        expect(messages).toHaveLength(6);
        expect(conversation.headId).toBe(edited.answer.id);
        // A message in the middle shows the newest that follows on it.
        expect((await on.chat.update(me, id, { headId: second.user!.id })).headId).toBe(second.answer.id);
        expect((await on.chat.update(me, id, { headId: first.user!.id })).headId).toBe(edited.answer.id);
        await expect(on.chat.update(me, id, { headId: 'msg_none' })).rejects.toMatchObject({
          code: 'invalid_request',
        });
        const other = await begin();
        await expect(on.chat.update(me, other.id, { headId: first.answer.id })).rejects.toMatchObject({
          code: 'invalid_request',
        });
        await expect(
          on.chat.send(me, other.id, { parts: text('x'), parentId: first.answer.id }),
        ).rejects.toMatchObject({
          code: 'invalid_request',
        });
        await expect(
          on.chat.send(me, id, { parts: text('x'), parentId: first.user!.id }),
        ).rejects.toMatchObject({
          code: 'invalid_request',
        });
        const root = await ask(id, '#text anew', { parentId: null });
        expect(root.user?.parentId).toBeNull();
        expect(root.answer.receipt?.usage.input).toBeLessThan(second.answer.receipt!.usage.input);
      });

      test('an answer written again is its sibling', async () => {
        const { id } = await begin();
        const { answer, user } = await ask(id, '#text one');
        const again = await on.chat.regenerate(me, answer.id, { model: 'lab/echo' });
        expect(again.user).toBeNull();
        const sibling = await on.settled(again.assistant.id, me);
        expect(sibling).toMatchObject({
          parentId: user?.id,
          status: 'complete',
          receipt: { model: 'lab/echo' },
        });
        expect((await on.chat.get(me, id)).conversation.headId).toBe(sibling.id);
        await expect(on.chat.regenerate(me, user!.id)).rejects.toMatchObject({ code: 'invalid_request' });
      });

      test('export shows the branch as Markdown and everything as JSON', async () => {
        const { id } = await begin();
        const first = await ask(id, '#text one');
        await ask(id, '#text hidden');
        await ask(id, '#text shown', { parentId: first.answer.id });
        const markdown = await on.chat.export(me, id, 'markdown');
        expect(markdown).toContain('## Assistant (scripted/script)\n\nshown');
        expect(markdown).not.toContain('hidden');
        const all = JSON.parse(await on.chat.export(me, id, 'json'));
        expect(conversationSchema.parse(all.conversation).id).toBe(id);
        expect(messageSchema.array().parse(all.messages)).toHaveLength(6);
      });
    });

    describe('titles', () => {
      test('the first words at once, then the model’s, counted under its own name', async () => {
        const { id } = await begin('lab/script');
        const words = 'Quelle est la capitale de la France ?';
        const sent = await on.chat.send(me, id, { parts: text(words), source: 'cli' });
        expect(sent.conversation).toMatchObject({ title: words, titleSource: 'none' });
        await on.settled(sent.assistant.id, me);
        await expect
          .poll(async () => (await on.chat.get(me, id)).conversation.titleSource, { timeout: 10_000 })
          .toBe('model');
        await on.ledger.flush();
        const { traces } = await on.ledger.listTraces(
          traceFilterSchema.parse({ conversationId: id }),
          me.userId,
        );
        expect(traces.map(({ name, source }) => [name, source]).sort()).toEqual([
          ['cli request', 'cli'],
          ['title', 'cli'],
        ]);
        const spans = (await on.ledger.getTrace(traces.find(({ name }) => name === 'title')!.traceId, null))
          .spans;
        expect(JSON.stringify(spans[0]?.input)).toContain('en français');
        expect(spans[0]?.attributes['gen_ai.request.max_tokens']).toBe(12);
      });

      test('a person’s title wins for ever, and taking it back allows another', async () => {
        const { id } = await begin('lab/script');
        await on.chat.update(me, id, { title: '  My\n own ' });
        await ask(id, '#text one');
        await on.chat.close();
        expect((await on.chat.get(me, id)).conversation).toMatchObject({
          title: 'My own',
          titleSource: 'person',
        });
        expect(await on.chat.update(me, id, { title: null })).toMatchObject({
          title: null,
          titleSource: 'none',
        });
      });

      test('a scripted model is not asked', async () => {
        const { id } = await begin();
        await ask(id, 'hello there');
        await on.chat.close();
        expect((await on.chat.get(me, id)).conversation).toMatchObject({
          title: 'hello there',
          titleSource: 'none',
        });
      });

      test('a model that fails at it leaves the first words', async () => {
        const { id } = await begin('lab/script');
        const { answer } = await ask(id, 'Tell me\n#text something');
        expect(answer.status).toBe('complete');
        await on.chat.close();
        expect((await on.chat.get(me, id)).conversation.title).not.toBe('');
      });
    });

    describe('conversations', () => {
      test('settings are kept, faults are named', async () => {
        const created = await on.chat.create(me, {
          system: 'Be brief.',
          parameters: { temperature: 0.1, minP: 0.05 },
          model: 'lab/script',
        });
        expect(conversationSchema.parse(created)).toMatchObject({
          system: 'Be brief.',
          model: 'lab/script',
          title: null,
        });
        expect(await on.chat.update(me, created.id, { parameters: { topK: 5 } })).toMatchObject({
          parameters: { topK: 5 },
        });
        await expect(
          on.chat.update(me, created.id, { parameters: { temperature: 9 } }),
        ).rejects.toMatchObject({
          code: 'invalid_request',
        });
        const { answer } = await ask(created.id, '#text ok');
        await on.ledger.flush();
        const { spans } = await on.ledger.getTrace(answer.receipt!.traceId, null);
        const call = spans.find(({ spanId }) => spanId === answer.receipt!.spanId);
        expect(JSON.stringify(call?.input)).toContain('Be brief.');
        expect(call?.attributes['gen_ai.request.top_k']).toBe(5);
        expect(spans.find(({ parentId }) => parentId === null)).toMatchObject({
          name: 'page request',
          kind: 'request',
          spanId: call?.parentId,
          status: 'ok',
        });
      });

      test('pages hold each once, newest first; a new message brings one to the top', async () => {
        const ids = [];
        for (let i = 0; i < 12; i++) ids.push((await begin()).id);
        // Of what happens within one millisecond no one is the newest.
        await new Promise((resolve) => setTimeout(resolve, 2));
        await ask(ids[3]!, '#text up');
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await on.chat.list(me, { limit: 5, ...(cursor ? { cursor } : {}) });
          seen.push(...page.conversations.map(({ id }) => id));
          cursor = page.nextCursor ?? undefined;
        } while (cursor);
        expect(seen).toHaveLength(12);
        expect(new Set(seen)).toEqual(new Set(ids));
        expect(seen[0]).toBe(ids[3]);
        await expect(on.chat.list(me, { limit: 5, cursor: '%%' })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      });

      test('search finds words of messages, answers and titles, and is not a language', async () => {
        const one = await begin();
        await ask(one.id, 'The Bibliothèque of Alexandria\n#text papyrus everywhere');
        const two = await begin();
        await on.chat.update(me, two.id, { title: 'Café crème' });
        const found = async (query: string) =>
          (await on.chat.list(me, { query, limit: 10 })).conversations.map(({ id }) => id);
        expect(await found('bibliotheque')).toEqual([one.id]);
        expect(await found('papy')).toEqual([one.id]);
        expect(await found('CREME')).toEqual([two.id]);
        await on.chat.update(me, two.id, { title: 'Thé' });
        expect(await found('creme')).toEqual([]);
        for (const query of [
          '"',
          "'; drop table messages; --",
          'NEAR(a b)',
          'a* OR b',
          '\0',
          '%',
          '{col}: x',
          '😀',
          '()'.repeat(500),
        ]) {
          await expect(found(query)).resolves.toBeInstanceOf(Array);
        }
        expect((await on.chat.list(ada, { query: 'papyrus', limit: 10 })).conversations).toEqual([]);
      });

      test('deleted at once, restored, and purged after its time with everything', async () => {
        const { id } = await begin();
        const { assistant } = await ask(id, '#text unusualword');
        await on.chat.remove(me, id);
        await expect(on.chat.get(me, id)).rejects.toMatchObject({ code: 'not_found' });
        expect((await on.chat.list(me, { limit: 5 })).conversations).toEqual([]);
        expect((await on.chat.list(me, { query: 'unusualword', limit: 5 })).conversations).toEqual([]);
        expect((await on.chat.restore(me, id)).id).toBe(id);
        expect((await on.chat.get(me, id)).messages).toHaveLength(2);
        await on.chat.remove(me, id);
        const signal = new AbortController().signal;
        expect(await on.chat.purge(Date.now() - 1000, signal)).toBe(0);
        expect(await on.chat.purge(Date.now() + 1000, signal)).toBe(1);
        const { db } = opened.store;
        const left = [
          await db.selectFrom('conversations').selectAll().where('id', '=', id).execute(),
          await db.selectFrom('messages').selectAll().where('conversation_id', '=', id).execute(),
          await db.selectFrom('runs').selectAll().where('conversation_id', '=', id).execute(),
          await db.selectFrom('run_events').selectAll().where('run_id', '=', assistant.runId).execute(),
        ];
        expect(left).toEqual([[], [], [], []]);
        expect(await opened.store.text.search('conversation', me.userId, 'unusualword', 5)).toEqual([]);
        await expect(on.chat.restore(me, id)).rejects.toMatchObject({ code: 'not_found' });
      });

      test('deleting stops the answer that is being written', async () => {
        const { id } = await begin();
        const { assistant } = await on.chat.send(me, id, { parts: text('#delay 5\n#words 4000') });
        await on.chat.remove(me, id);
        await follow(assistant.runId!);
        await on.chat.restore(me, id);
        expect((await on.chat.get(me, id)).messages.at(-1)?.status).toBe('stopped');
      });

      test('a rating stands on the answer and its trace', async () => {
        const { id } = await begin();
        const { answer, user } = await ask(id, '#text wrong');
        await on.chat.rate(me, answer.id, { value: -1, reason: 'no', correction: 'Right' });
        const { messages } = await on.chat.get(me, id);
        expect(messages.at(-1)?.score).toMatchObject({ value: -1, correction: 'Right' });
        expect((await on.ledger.getTrace(answer.receipt!.traceId, null)).summary.rating).toBe(-1);
        expect(await on.chat.rate(me, answer.id, { value: null })).toBeNull();
        expect((await on.chat.get(me, id)).messages.at(-1)?.score).toBeNull();
        await expect(on.chat.rate(me, user!.id, { value: 1 })).rejects.toMatchObject({
          code: 'invalid_request',
        });
      });

      test('tokens are counted with all that goes before', async () => {
        const { id } = await begin();
        const alone = await on.chat.count(me, null, {
          parts: text('one two three'),
          model: 'scripted/script',
        });
        await ask(id, '#text a b c d');
        const with_ = await on.chat.count(me, id, { parts: text('one two three') });
        expect(alone.tokens).toBeGreaterThanOrEqual(3);
        expect(with_.tokens).toBeGreaterThan(alone.tokens! + 4);
        expect(await on.chat.count(me, null, { parts: [], model: 'scripted/script' })).toMatchObject({
          tokens: 0,
        });
        await expect(on.chat.count(me, null, { parts: [], model: 'no/such' })).rejects.toMatchObject({
          code: 'model_not_found',
        });
      });

      test('listeners hear what changed', async () => {
        const heard: (string | null)[] = [];
        on.chat.onChange(({ conversationId }) => heard.push(conversationId));
        const { id } = await begin();
        await ask(id, '#text x');
        expect(heard).toContain(id);
        expect(heard).toContain(null);
      });
    });

    test('nothing of another person can be seen or touched', async () => {
      const { id } = await begin();
      const { answer, user, assistant } = await ask(id, '#text private');
      const { chat } = on;
      const attempts: (() => Promise<unknown>)[] = [
        () => chat.get(ada, id),
        () => chat.update(ada, id, { title: 'x' }),
        () => chat.update(ada, id, { headId: answer.id }),
        () => chat.remove(ada, id),
        () => chat.restore(ada, id),
        () => chat.export(ada, id, 'json'),
        () => chat.send(ada, id, { parts: text('x') }),
        () => chat.regenerate(ada, answer.id),
        () => chat.rate(ada, answer.id, { value: 1 }),
        () => chat.rate(ada, user!.id, { value: 1 }),
        () => chat.count(ada, id, { parts: text('x') }),
        () => on.runs.get(assistant.runId!, 'ada'),
        () => on.runs.cancel(assistant.runId!, 'ada'),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
      expect((await chat.list(ada, { limit: 10 })).conversations).toEqual([]);
      expect((await chat.get(me, id)).messages).toHaveLength(2);
    });
  });
}
