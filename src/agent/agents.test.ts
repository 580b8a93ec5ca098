// Agents as a person meets them: steps, tools, approvals, plans, typed answers, and the trace that they leave.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesOf, openAgents, type TestAgents } from '../../test/open-agents.ts';
import { labProvider } from '../../test/open-chat.ts';
import { openTestStore, type TestStore } from '../../test/open-test-store.ts';
import { AtelierError } from '../contracts/errors.ts';
import { localIdentity as me } from '../contracts/identity.ts';
import { routeSettingsSchema } from '../contracts/routing.ts';
import type { LoggedEvent, RunEvent } from '../contracts/run.ts';
import { createScriptedProvider } from '../models/providers/scripted/scripted-provider.ts';
import type { ModelProvider } from '../models/registry.ts';
import { resultText } from '../tools/tool-result.ts';
import { traceOf } from './create-agent-runner.ts';

let opened: TestStore;
let lab: TestAgents;
beforeEach(async () => {
  opened = await openTestStore();
  lab = await openAgents(opened.store, opened.dataDir);
});
afterEach(async () => {
  await lab.close();
  await opened.dispose();
});

const of = <T extends RunEvent['type']>(events: readonly LoggedEvent[], type: T) =>
  events.flatMap(({ event }) => (event.type === type ? [event as Extract<RunEvent, { type: T }>] : []));
const textOf = (events: readonly LoggedEvent[]) =>
  of(events, 'text-delta')
    .map(({ delta }) => delta)
    .join('');
const results = (events: readonly LoggedEvent[]) =>
  of(events, 'tool-result').map(({ result }) => resultText(result));
const finish = (events: readonly LoggedEvent[]) => of(events, 'run-finish')[0]!;
const free = { approvals: { write_file: 'never', append_file: 'never' } };

const script =
  '#plan Compute | Write a file | Answer\n#tool calculator {"expression":"6*7"}\n#step\n#tool write_file {"path":"a.txt","content":"42"}\n#step\n#text Done: 42.';

test('a key for some models runs an agent with no other, unless the agent itself names it', async () => {
  const limited = { ...me, models: ['scripted/echo'] };
  const agent = await lab.agents.get(me, 'assistant');
  const order = { agent, prompt: [], source: 'api' as const, knowledge: [] };
  await expect(lab.agents.start(limited, { ...order, model: 'scripted/script' })).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('scripted/script'),
  });
  const own = { ...order, agent: { ...agent, model: 'scripted/script' } };
  await lab.events((await lab.agents.start(limited, own)).id);
});

// The figure is written as JSON escapes it, so that the script, which is the task, does not say it.
const invents = '#tool write_file {"path":"a.txt","content":"It is \\u0034999."}';
const asked = `#tool calculator {"expression":"6*700"}\n#step\n${invents}\n#step\n#text Done.`;

/** Writes what the tool said once it is reminded of it, and only then. */
function mindful(prompts: string[]): ModelProvider {
  const lab = labProvider();
  return {
    ...lab,
    id: 'mindful',
    list: async () => [],
    async resolve(name) {
      const found = await lab.resolve(name);
      if (found?.language == null) return null;
      const { language } = found;
      const read = (options: LanguageModelV4CallOptions): LanguageModelV4CallOptions => {
        const said = JSON.stringify(options.prompt);
        prompts.push(said);
        if (!said.includes('figures as the tools gave them')) return options;
        return { ...options, prompt: JSON.parse(said.replaceAll(String.raw`\\u0034999`, '4200')) };
      };
      return {
        ...found,
        info: { ...found.info, id: `mindful/${name}`, provider: 'mindful' },
        language: { ...language, doStream: (options) => language.doStream(read(options)) },
      };
    },
  };
}

test('a small model that writes a figure which no tool said is sent back before anything is written', async () => {
  const prompts: string[] = [];
  await lab.close();
  lab = await openAgents(opened.store, opened.dataDir, { providers: [mindful(prompts)] });
  const run = await lab.ask(asked, { model: 'mindful/script', planning: false, ...free });
  const events = await lab.events(run.id);
  expect(results(events)[1]).toMatch(/4999 stands in no result.*calculator said: 4200/s);
  expect(of(events, 'run-warning')).toEqual([]);
  expect(await readFile(join(filesOf(opened.dataDir, run.id), 'a.txt'), 'utf8')).toBe('It is 4200.');
  expect(finish(events).status).toBe('complete');
  expect(prompts.at(2)).toContain('calculator said: 4200');
  // Whoever sees a wrong figure writes it again.
  expect(prompts.join()).not.toContain('It is 4999');
});

test('a figure that is written again, or by a large model, passes, and the person is told', async () => {
  const small = await lab.ask(asked, { model: 'lab/script', planning: false, ...free });
  const large = await lab.ask(asked, { planning: false, ...free });
  for (const run of [small, large]) {
    const events = await lab.events(run.id);
    expect(of(events, 'run-warning')).toContainEqual(
      expect.objectContaining({ code: 'figures_unknown', data: { figures: '4999', count: 1 } }),
    );
    expect(await readFile(join(filesOf(opened.dataDir, run.id), 'a.txt'), 'utf8')).toBe('It is 4999.');
  }
});

test('an alias’s next model answers a step whose first one fails, and the trace says so', async () => {
  const broken: ModelProvider = {
    id: 'broken',
    list: async () => [],
    async resolve(name) {
      const found = await createScriptedProvider().resolve(name);
      if (found === null || found.language === null) return null;
      const { language } = found;
      return {
        ...found,
        info: { ...found.info, id: `broken/${name}`, provider: 'broken' },
        language: {
          ...language,
          doStream() {
            throw new AtelierError('provider_failed', 'it is down', { retryable: true });
          },
        },
      };
    },
  };
  await lab.close();
  lab = await openAgents(opened.store, opened.dataDir, { providers: [broken] });
  const settings = routeSettingsSchema.parse({ fallbacks: ['scripted/script'], retries: 0 });
  await lab.registry.setAlias('steady', 'broken/script', settings);
  const run = await lab.ask('#tool calculator {"expression":"6*7"}\n#step\n#text It is 42.', {
    model: 'steady',
    planning: false,
  });
  const events = await lab.events(run.id);
  expect(textOf(events)).toBe('It is 42.');
  expect(of(events, 'run-usage').map(({ model }) => model)).toEqual(['scripted/script', 'scripted/script']);
  await lab.ledger.flush();
  const { spans } = await lab.ledger.getTrace(traceOf(run.id).traceId, me.userId);
  const attempts = spans
    .filter(({ kind }) => kind === 'attempt')
    .map(({ name, status }) => `${name} ${status}`);
  expect(attempts.filter((attempt) => attempt === 'attempt broken/script error')).toHaveLength(2);
});

describe.each([
  ['with calls of its own', 'scripted/script'],
  ['by constrained choices', 'lab/script'],
])('an agent %s', (_name, model) => {
  test('calls tools step by step and answers; plan, files and receipt say so', async () => {
    const run = await lab.ask(script, { model, ...free });
    const events = await lab.events(run.id);
    expect(finish(events)).toMatchObject({ status: 'complete', error: null });
    expect(textOf(events)).toBe('Done: 42.');
    expect(results(events)).toEqual(['42', 'Wrote 2 bytes to a.txt.']);
    expect(of(events, 'step-start').map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(of(events, 'plan').map(({ items }) => items.map(({ status }) => status).join(' '))).toEqual([
      'doing open open',
      'done doing open',
      'done done doing',
      'done done done',
    ]);
    expect(await readFile(join(filesOf(opened.dataDir, run.id), 'a.txt'), 'utf8')).toBe('42');
    const { receipt } = finish(events);
    const usages = of(events, 'run-usage');
    expect(usages).toHaveLength(4);
    expect(receipt?.usage.output).toBe(usages.reduce((sum, { usage }) => sum + (usage?.output ?? 0), 0));
    expect(receipt).toMatchObject({ model, finishReason: 'stop', cost: { kind: 'none' } });
  });

  test('a plan whose tools only failed is not called done', async () => {
    const run = await lab.ask(
      '#plan Compute | Write a file | Answer\n#tool calculator {"expression":"six"}\n#step\n#text I could not.',
    );
    const last = of(await lab.events(run.id), 'plan').at(-1);
    expect(last?.items.map(({ status }) => status)).toEqual(['dropped', 'dropped', 'done']);
  });

  test('leaves one trace: plan, steps, model calls and tool calls below the agent', async () => {
    const run = await lab.ask(script, { model, ...free });
    await lab.events(run.id);
    await lab.ledger.flush();
    const { traceId, spanId } = traceOf(run.id);
    const { spans, summary } = await lab.ledger.getTrace(traceId, me.userId);
    const name = (id: string | null) => spans.find((span) => span.spanId === id)?.name ?? '-';
    const tree = spans.map((span) => `${name(span.parentId)} > ${span.name}`).sort();
    expect(tree).toEqual(
      [
        '- > invoke_agent assistant',
        `invoke_agent assistant > plan ${model}`,
        `plan ${model} > attempt ${model}`,
        ...[1, 2, 3].flatMap((step) => [
          `invoke_agent assistant > step ${step}`,
          `step ${step} > chat ${model}`,
          `chat ${model} > attempt ${model}`,
        ]),
        'step 1 > execute_tool calculator',
        'step 2 > execute_tool write_file',
      ].sort(),
    );
    expect(summary).toMatchObject({ status: 'ok', name: 'invoke_agent assistant' });
    expect(spans.find((span) => span.spanId === spanId)).toMatchObject({ status: 'ok', cost: null });
  });

  test('waits for a yes, reads a no with its reason, and takes edited arguments', async () => {
    const ask = async (text: string) => {
      const run = await lab.ask(text, { model, planning: false });
      const { approvalId } = await lab.first(run.id, 'tool-approval-request');
      return { run, approvalId };
    };
    const text = '#tool write_file {"path":"a.txt","content":"one"}\n#step\n#text ok';
    const yes = await ask(text);
    expect(await lab.agents.approvals(me, { open: true })).toMatchObject([
      {
        id: yes.approvalId,
        toolName: 'write_file',
        input: { path: 'a.txt', content: 'one' },
        rule: 'always',
      },
    ]);
    await expect(
      lab.agents.respond(me, yes.approvalId, { decision: 'yes', input: { path: 3 } }),
    ).rejects.toMatchObject({ code: 'tool_input_invalid' });
    await lab.agents.respond(me, yes.approvalId, {
      decision: 'yes',
      input: { path: 'b.txt', content: 'two' },
    });
    await expect(lab.agents.respond(me, yes.approvalId, { decision: 'no' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const events = await lab.events(yes.run.id);
    expect(results(events)[0]).toContain('Wrote 3 bytes to b.txt.');
    expect(of(events, 'tool-approval-response')).toMatchObject([
      { approved: true, input: { path: 'b.txt', content: 'two' } },
    ]);

    const no = await ask(text);
    await lab.agents.respond(me, no.approvalId, { decision: 'no', reason: 'not today' });
    const refused = await lab.events(no.run.id);
    expect(results(refused)[0]).toContain('refused this call of write_file. Their reason: not today');
    expect(of(refused, 'tool-start')).toEqual([]);
    expect(textOf(refused)).toBe('ok');
  });

  test.each([
    ['within a string', JSON.stringify('{"path":"a.txt","content":"one"}')],
    ['within a string within a string', JSON.stringify(JSON.stringify('{"path":"a.txt"}'))],
    ['as nothing', 'null'],
  ])('nothing with an effect runs unasked when the input comes %s', async (_way, input) => {
    const run = await lab.ask(`#tool write_file ${input}\n#step\n#text ok`, { model, planning: false });
    const seen: string[] = [];
    for await (const { event } of lab.runs.watch(run.id, me.userId, 0)) {
      seen.push(event.type);
      if (event.type === 'tool-approval-request')
        await lab.agents.respond(me, event.approvalId, { decision: 'no' });
    }
    const [result] = results(await lab.events(run.id));
    // Either a person is asked, or the input is refused.
    expect(result).toContain(
      seen.includes('tool-approval-request') ? 'refused this call' : 'The input of write_file is wrong',
    );
    await expect(readFile(join(filesOf(opened.dataDir, run.id), 'a.txt'))).rejects.toThrow('ENOENT');
  });

  test('the agent’s rule stands before the person’s, and that before the tool’s own', async () => {
    const text =
      '#tool write_file {"path":"a.txt","content":"1"}\n#step\n#tool calculator {"expression":"1"}\n#step\n#text ok';
    await lab.settings.set('write_file', { approval: 'never' });
    const byPerson = await lab.events((await lab.ask(text, { model, planning: false })).id);
    expect(of(byPerson, 'tool-approval-request')).toEqual([]);
    const run = await lab.ask(text, { model, planning: false, approvals: { write_file: 'always' } });
    expect(await lab.first(run.id, 'tool-approval-request')).toMatchObject({ rule: 'always' });
    await lab.runs.cancel(run.id, me.userId);
    expect(finish(await lab.events(run.id)).status).toBe('stopped');
    expect(await lab.agents.approvals(me, { open: true })).toEqual([]);
  });

  test('a wrong input, an unknown tool and a tool that is off are told to the model and end nothing', async () => {
    await lab.settings.set('read_file', { enabled: false });
    const run = await lab.ask('#tool calculator {"expr":"1"}\n#step\n#text ok', { model, planning: false });
    const events = await lab.events(run.id);
    expect(results(events)[0]).toContain('The input of calculator is wrong');
    expect(
      of(events, 'run-warning')
        .map(({ message }) => message)
        .join(),
    ).toContain('read_file is not there');
    expect(textOf(events)).toBe('ok');
  });

  test('a call that repeats itself is cut off, and the agent answers', async () => {
    const again = '#tool calculator {"expression":"1+"}\n#step\n';
    const run = await lab.ask(`${again.repeat(8)}#text ok`, { model, planning: false });
    const events = await lab.events(run.id);
    expect(finish(events).status).toBe('complete');
    expect(
      of(events, 'run-warning')
        .map(({ message }) => message)
        .join(),
    ).toContain('repeated a call of calculator');
    expect(results(events).filter((text) => text.includes('cannot be computed')).length).toBeLessThanOrEqual(
      3,
    );
    expect(of(events, 'step-start').length).toBeLessThan(8);
  });

  test('at the limit of steps it answers with what it has', async () => {
    const many = Array.from({ length: 9 }, (_, i) => `#tool calculator {"expression":"${i}"}\n#step\n`).join(
      '',
    );
    const run = await lab.ask(`${many}#text never`, { model, planning: false, maxSteps: 3 });
    const events = await lab.events(run.id);
    expect(of(events, 'tool-result')).toHaveLength(2);
    expect(finish(events).status).toBe('complete');
    expect(
      of(events, 'run-warning')
        .map(({ message }) => message)
        .join(),
    ).toContain('The limit of 3 steps');
  });

  test('a typed answer is checked and comes as output', async () => {
    const outputSchema = {
      type: 'object',
      properties: { total: { type: 'number', minimum: 10 } },
      required: ['total'],
    };
    const run = await lab.ask('#tool calculator {"expression":"6*7"}\n#step\n#json {"total":42}', {
      model,
      planning: false,
      outputSchema,
    });
    const events = await lab.events(run.id);
    expect(of(events, 'output')).toEqual([{ type: 'output', output: { total: 42 } }]);
    expect(textOf(events)).toBe('{"total":42}');

    const bad = await lab.ask('#json {"total":4}', { model, planning: false, outputSchema });
    expect(finish(await lab.events(bad.id))).toMatchObject({
      status: 'failed',
      error: { code: 'model_failed' },
    });
  });

  test('a person changes the plan while the run goes on, and the next step reads it', async () => {
    const run = await lab.ask(
      '#plan One | Two | Three\n#tool write_file {"path":"a","content":"1"}\n#step\n#text ok',
      { model },
    );
    const { approvalId } = await lab.first(run.id, 'tool-approval-request');
    await lab.agents.setPlan(me, run.id, [
      { id: '1', text: 'Sing', status: 'doing' },
      { id: '2', text: 'Answer', status: 'open' },
    ]);
    await lab.agents.respond(me, approvalId, { decision: 'yes' });
    await lab.events(run.id);
    await lab.ledger.flush();
    const { spans } = await lab.ledger.getTrace(traceOf(run.id).traceId, me.userId);
    const last = spans.filter((span) => span.kind === 'model').at(-1);
    expect(JSON.stringify(last?.input)).toContain('1. [done] Sing');
    await expect(lab.agents.setPlan(me, run.id, [])).rejects.toMatchObject({ code: 'conflict' });
  });

  test('stops at once when it is cancelled', async () => {
    const run = await lab.ask('#delay 30\n#words 5000', { model, planning: false });
    await lab.first(run.id, model === 'lab/script' ? 'step-start' : 'text-delta');
    await lab.runs.cancel(run.id, me.userId);
    expect(finish(await lab.events(run.id))).toMatchObject({ status: 'stopped', error: null });
  });
});

test('calls of one step run together, effects in their order', async () => {
  const run = await lab.ask(
    '#tool append_file {"path":"log","content":"a"}\n#tool calculator {"expression":"1"}\n#tool append_file {"path":"log","content":"b"}\n#text ok',
    { ...free, planning: false },
  );
  const events = await lab.events(run.id);
  expect(of(events, 'step-start')).toHaveLength(2);
  expect(of(events, 'tool-result')).toHaveLength(3);
  expect(await readFile(join(filesOf(opened.dataDir, run.id), 'log'), 'utf8')).toBe('ab');
});

test('text that is exactly a call of a known tool is a call', async () => {
  const run = await lab.ask(
    '#text {"name":"calculator","arguments":{"expression":"2+3"}}\n#step\n#text five',
    {
      planning: false,
    },
  );
  const events = await lab.events(run.id);
  expect(results(events)[0]).toBe('5');
});

test('a long result is shortened for the model when the context is full, and said', async () => {
  await lab.close();
  lab = await openAgents(opened.store, opened.dataDir, { contextLength: 2600 });
  const run = await lab.ask(
    '#tool run_javascript {"code":"\'mot \'.repeat(2000)"}\n#step\n#tool calculator {"expression":"1"}\n#step\n#text ok',
    { planning: false },
  );
  const events = await lab.events(run.id);
  expect(finish(events).status).toBe('complete');
  expect(
    of(events, 'run-warning')
      .map(({ message }) => message)
      .join(),
  ).toContain('of the result of run_javascript');
});

test('agents are made, changed and removed; those that Atelier brings cannot be changed', async () => {
  const input = { name: 'mine', title: 'Mine', instructions: 'Be brief.' } as never;
  const agent = await lab.agents.create(me, input);
  expect(agent).toMatchObject({ name: 'mine', source: 'person', planning: true, maxSteps: 20 });
  await expect(lab.agents.create(me, input)).rejects.toMatchObject({ code: 'conflict' });
  await expect(
    lab.agents.create(me, { ...(input as object), name: 'assistant' } as never),
  ).rejects.toMatchObject({
    code: 'conflict',
  });
  expect((await lab.agents.update(me, agent.id, { title: 'Yours' })).title).toBe('Yours');
  await expect(lab.agents.update(me, 'assistant', { title: 'x' })).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect((await lab.agents.list(me)).map(({ name }) => name)).toEqual(['assistant', 'researcher', 'mine']);
  await lab.agents.remove(me, agent.id);
  await expect(lab.agents.get(me, 'mine')).rejects.toMatchObject({ code: 'not_found' });
});

test('undo brings an agent back under its id, once, and to nobody but who removed it', async () => {
  const input = { name: 'mine', title: 'Mine', instructions: 'Be brief.' } as never;
  const agent = await lab.agents.create(me, input);
  const gone = { code: 'not_found' };
  await expect(lab.agents.create(me, input, agent.id)).rejects.toMatchObject(gone);
  await lab.agents.remove(me, agent.id);
  await expect(
    lab.agents.create({ userId: 'user_other', role: 'admin' }, input, agent.id),
  ).rejects.toMatchObject(gone);
  await expect(lab.agents.create(me, input, 'agt_never')).rejects.toMatchObject(gone);
  const { updatedAt: _changed, ...before } = agent;
  expect(await lab.agents.create(me, input, agent.id)).toMatchObject(before);
  // It is there now, and the id is nobody's to take a second time.
  await expect(
    lab.agents.create(me, { name: 'other', title: 'Other' } as never, agent.id),
  ).rejects.toMatchObject(gone);
  expect((await lab.agents.get(me, agent.id)).name).toBe('mine');
});

describe('a run that an earlier process left', () => {
  const wait = '#tool write_file {"path":"a.txt","content":"one"}\n#step\n#text ok';

  test('still waits for its approval after a restart, and takes an answer that came in between', async () => {
    const run = await lab.ask(wait, { planning: false });
    const { approvalId } = await lab.first(run.id, 'tool-approval-request');
    await lab.close();
    lab = await openAgents(await opened.reopen(), opened.dataDir);
    expect(await lab.agents.approvals(me, { open: true, runId: run.id })).toMatchObject([{ id: approvalId }]);
    expect((await lab.runs.get(run.id, me.userId)).status).toBe('running');
    await lab.agents.respond(me, approvalId, { decision: 'yes' });
    expect(await lab.agents.recover()).toBe(1);
    const events = await lab.events(run.id);
    expect(of(events, 'tool-approval-request')).toHaveLength(1);
    expect(finish(events)).toMatchObject({ status: 'complete' });
    expect(textOf(events)).toBe('ok');
  });

  test('asks nothing any more once it has ended, however it ended', async () => {
    const run = await lab.ask(wait, { planning: false });
    const { approvalId } = await lab.first(run.id, 'tool-approval-request');
    await lab.close();
    const store = await opened.reopen();
    lab = await openAgents(store, opened.dataDir);
    // As a crash leaves it, or an answer that was asked for anew in place of it.
    await store.write([
      store.db.updateTable('runs').set({ status: 'interrupted', ended_at: 1 }).where('id', '=', run.id),
    ]);
    expect(await lab.agents.approvals(me, { open: true })).toEqual([]);
    await expect(lab.agents.respond(me, approvalId, { decision: 'yes' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const other = { userId: 'other', role: 'member' as const };
    await expect(lab.agents.respond(other, approvalId, { decision: 'yes' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('does not repeat a call that may have had its effect, unless the tool says that it may', async () => {
    await mkdir(join(opened.dataDir, 'tools'), { recursive: true });
    await writeFile(
      join(opened.dataDir, 'tools', 'ring.ts'),
      `import { defineTool } from 'atelier';\nimport { z } from 'zod';\nexport default defineTool({ name: 'ring', description: 'Rings.', effect: 'danger', approval: 'never', inputSchema: z.object({}), execute: () => 'rung' });\n`,
    );
    const leave = async (toolName: string, input: unknown) => {
      const agent = {
        ...(await lab.agents.get(me, 'assistant')),
        tools: ['ring', 'append_file'],
        planning: false,
        approvals: { append_file: 'never' },
      };
      const script = `#tool ${toolName} ${JSON.stringify(input)}\n#step\n#text ok`;
      const prompt = [{ role: 'user', content: [{ type: 'text', text: script }] }];
      const workOrder = {
        agent,
        prompt,
        model: 'scripted/script',
        knowledge: [],
        context: { identity: me, source: 'page' },
      };
      const id = `run_${toolName}`;
      const writer = await lab.runs.start(
        {
          id,
          kind: 'agent',
          userId: me.userId,
          conversationId: null,
          messageId: null,
          agent: agent.name,
          workOrder,
        },
        [],
      );
      writer.append({ type: 'run-start', messageId: '', model: 'scripted/script', place: null });
      writer.append({ type: 'step-start', step: 1 });
      writer.append({
        type: 'tool-call',
        toolCallId: `call_${toolName}`,
        toolName,
        title: toolName,
        effect: 'danger',
        input,
      });
      writer.append({ type: 'tool-start', toolCallId: `call_${toolName}` });
      await writer.leave();
      return id;
    };
    const rung = await leave('ring', {});
    const appended = await leave('append_file', { path: 'log', content: 'x' });
    await lab.close();
    lab = await openAgents(await opened.reopen(), opened.dataDir);
    expect(await lab.agents.recover()).toBe(2);
    const ring = await lab.events(rung);
    expect(results(ring)).toEqual([
      'The program ended while ring was running. It may have had its effect; look before you call it again.',
    ]);
    expect(textOf(ring)).toBe('ok');
    expect(results(await lab.events(appended))).toEqual(['Appended to log, which now has 1 bytes.']);
  });

  test('does a step anew whose text was cut, and no reader keeps the first half', async () => {
    const run = await lab.ask('#delay 20\n#text one two three four five six seven', { planning: false });
    await lab.first(run.id, 'text-delta');
    await lab.close();
    lab = await openAgents(await opened.reopen(), opened.dataDir);
    await lab.agents.recover();
    const events = await lab.events(run.id);
    expect(of(events, 'step-start')).toHaveLength(2);
    expect(textOf(events)).not.toBe('one two three four five six seven');
    const from = events.findLastIndex(({ event }) => event.type === 'step-start');
    expect(textOf(events.slice(from))).toBe('one two three four five six seven');
  });
});

test('a model that fails for a moment is asked again', async () => {
  const run = await lab.ask('#text one\n#error-mid provider_failed Cut', { planning: false });
  const events = await lab.events(run.id);
  expect(of(events, 'step-start')).toHaveLength(3);
  expect(finish(events)).toMatchObject({ status: 'failed', error: { code: 'provider_failed' } });
});
