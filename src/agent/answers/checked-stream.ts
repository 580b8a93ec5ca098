// A model's answer with its citations checked on the way, and what it took to read the prompt.
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { atelierMetadataSchema } from '../../contracts/model.ts';
import type { ModelStream } from '../../models/model-call.ts';
import type { CitationCheck } from './citations.ts';

interface StreamEnd {
  failed: boolean;
  /** The answer as it was shown. */
  text: string;
  readTokens: number;
  readMs: number;
}

export interface CheckedStream {
  stream: ModelStream;
  /** Resolves when the stream was read to its end, failed, or was given up. */
  over: Promise<StreamEnd>;
}

type Part = LanguageModelV4StreamPart;

export function checkedStream(answer: ModelStream, check: CitationCheck): CheckedStream {
  const over = Promise.withResolvers<StreamEnd>();
  const reader = answer.stream.getReader();
  let failed = false;
  let readTokens = 0;
  let readMs = 0;
  let text = '';
  const done = () => over.resolve({ failed, text, readTokens, readMs });

  function checked(part: Part): Part[] {
    if (part.type === 'text-delta') {
      const delta = check.push(part.delta);
      return delta === '' ? [] : [{ ...part, delta }];
    }
    if (part.type === 'text-end') {
      const delta = check.end();
      return delta === '' ? [part] : [{ type: 'text-delta', id: part.id, delta }, part];
    }
    if (part.type === 'error') failed = true;
    if (part.type === 'finish') {
      const atelier = atelierMetadataSchema.safeParse(part.providerMetadata?.atelier ?? {}).data;
      const { total = 0, cacheRead = 0 } = part.usage.inputTokens;
      readTokens = total - cacheRead;
      readMs = atelier?.timings?.readMs ?? 0;
    }
    return [part];
  }

  const stream = new ReadableStream<Part>(
    {
      async pull(controller) {
        try {
          for (;;) {
            const next = await reader.read();
            if (next.done) {
              done();
              return controller.close();
            }
            const parts = checked(next.value);
            for (const part of parts) {
              if (part.type === 'text-delta') text += part.delta;
              controller.enqueue(part);
            }
            if (parts.length > 0) return;
          }
        } catch (error) {
          failed = true;
          done();
          controller.error(error);
        }
      },
      async cancel(reason) {
        failed = true;
        done();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return { stream: { ...answer, stream }, over: over.promise };
}
