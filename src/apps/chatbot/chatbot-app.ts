// The chat as an app: a message and what was said before, with a model of the person's choice.
import { z } from 'zod';
import type { BuiltinParts } from '../builtin-parts.ts';
import { type AppTask, defineApp } from '../define-app.ts';
import { noteIfCut } from '../parts/ask-model.ts';

const inputSchema = z.object({
  message: z.string().min(1).describe('What to answer'),
  history: z
    .array(z.object({ role: z.enum(['user', 'assistant']), content: z.string().min(1) }))
    .max(500)
    .default([])
    .describe('What was said before, oldest first'),
  instructions: z.string().max(32_000).default('').describe('Who the assistant is and how it answers'),
  temperature: z.number().min(0).max(2).default(0.7).describe('0 is the same answer each time'),
  maxTokens: z.number().int().positive().max(32_768).optional().describe('Longest answer, in tokens'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({ answer: z.string().describe('What the model answers') });

export function chatbotApp({ asker }: BuiltinParts) {
  async function work(input: Input, task: AppTask): Promise<z.infer<typeof outputSchema>> {
    const writing = asker.write(task, {
      name: 'chat',
      system: input.instructions,
      prompt: [...input.history, { role: 'user', content: input.message }],
      temperature: input.temperature,
      ...(input.maxTokens === undefined ? {} : { maxOutputTokens: input.maxTokens }),
    });
    for (;;) {
      const next = await writing.next();
      if (next.done) {
        noteIfCut(task, next.value, input.maxTokens ?? null);
        return { answer: next.value.text };
      }
      task.emit({ type: 'text-delta', delta: next.value });
    }
  }

  return defineApp({
    name: 'chatbot',
    title: { en: 'Chatbot', fr: 'Assistant' },
    description: {
      en: 'Answers a message with the model of your choice, with instructions of your own.',
      fr: 'Répond à un message avec le modèle de votre choix et vos propres consignes.',
    },
    icon: 'message-circle',
    input: inputSchema,
    output: outputSchema,
    streams: true,
    batch: true,
    example: {
      en: { message: 'Give me three names for a small bakery near a station.' },
      fr: { message: 'Propose trois noms pour une petite boulangerie près d’une gare.' },
    },
    work,
  });
}
