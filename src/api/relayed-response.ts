// An answer that passed through, as a response. What is no stream is sent whole, with its length, in one write.
import type { WireAnswer } from '../models/model-call.ts';

export async function relayedResponse(
  { status, headers }: Pick<WireAnswer, 'status' | 'headers'>,
  body: ReadableStream<Uint8Array>,
  own: Readonly<Record<string, string>>,
): Promise<Response> {
  const all = { ...headers, ...own };
  if (headers['content-type']?.includes('text/event-stream'))
    return new Response(body, { status, headers: all });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const [only] = chunks;
  const whole = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
  return new Response(whole as Uint8Array<ArrayBuffer>, { status, headers: all });
}
