// What the model answers at a checkpoint, written by the engine that will serve it. A sample that cannot be had is noted,
// and ends no run.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExampleMessage } from '../../contracts/dataset.ts';
import { toAtelierError } from '../../contracts/errors.ts';
import type { TrainingInput } from '../../contracts/training.ts';
import type { FrozenDataset } from '../datasets/datasets.ts';
import type { ModelExporter, Trained } from '../serving/export-port.ts';
import type { TrainingEngine } from './engine-port.ts';
import type { EventWriter } from './event-log.ts';

export const SAMPLE_QUESTIONS = 3;
export const SAMPLE_TOKENS = 96;
const CONTEXT = 1024;

export interface SamplePrompt {
  text: string;
  messages: readonly ExampleMessage[];
}

/** Of the order, or the first questions of the validation split; where there is none, of what is learned. */
export function samplePrompts(input: TrainingInput, { examples }: FrozenDataset): SamplePrompt[] {
  if (input.samplePrompts.length > 0)
    return input.samplePrompts.map((text) => ({ text, messages: [{ role: 'user', content: text }] }));
  const validation = examples.filter(({ split }) => split === 'validation');
  const from = validation.length > 0 ? validation : examples.filter(({ split }) => split === 'train');
  return from.slice(0, SAMPLE_QUESTIONS).flatMap(({ body }) => {
    if (body.kind === 'labels') return [];
    const messages = body.kind === 'chat' ? body.messages.slice(0, -1) : body.messages;
    return [{ text: messages.at(-1)?.content ?? '', messages }];
  });
}

export function createSampler(options: {
  engine: TrainingEngine;
  exporter: ModelExporter;
  trained: Trained;
  prompts: readonly SamplePrompt[];
  folder: string;
  events: EventWriter;
  signal: AbortSignal;
}): (step: number) => Promise<void> {
  const { engine, exporter, trained, prompts, events, signal } = options;
  const path = join(options.folder, 'sample.gguf');

  async function answer(step: number): Promise<void> {
    const adapter = trained.adaptation.kind === 'lora';
    if (adapter) await exporter.writeAdapter(trained, path);
    else await exporter.writeMerged(trained, path, 'F16', signal);
    const model = await engine.openModel({
      ...(adapter ? { path: trained.base.path, adapter: path } : { path }),
      contextLength: Math.min(CONTEXT, trained.base.config.contextLength),
    });
    try {
      for (const { text, messages } of prompts) {
        const { text: answer } = await model.answer(messages, { maxTokens: SAMPLE_TOKENS, signal });
        events.emit({ type: 'sample', step, prompt: text, answer });
      }
    } finally {
      await model.close();
    }
  }

  return async (step) => {
    if (prompts.length === 0) return;
    try {
      await answer(step);
    } catch (error) {
      signal.throwIfAborted();
      events.emit({
        type: 'note',
        step,
        code: 'sample_failed',
        message: `No sample at step ${step}: ${toAtelierError(error).message}`,
      });
    } finally {
      await rm(path, { force: true });
    }
  };
}
