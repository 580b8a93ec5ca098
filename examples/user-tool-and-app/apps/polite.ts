// An application on the model of the run: its text streams, its call stands in the trace and is priced there.
import { streamText } from 'ai';
import { model } from 'atelier';
import { z } from 'zod';

export const title = { en: 'More politely', fr: 'Plus poliment' };
export const input = z.object({ sentence: z.string() });
export const output = z.string();

export async function* polite({ sentence }: z.infer<typeof input>, { signal }: { signal: AbortSignal }) {
  const { textStream } = streamText({
    model: model(),
    system: 'Write the sentence again, more politely and in its own language. Write nothing else.',
    prompt: sentence,
    abortSignal: signal,
  });
  yield* textStream;
}
