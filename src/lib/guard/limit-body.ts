// The body of a guarded answer: of a wanted type, and no longer than allowed, counted after decompression.
import type { GuardedResponse } from '../guarded-fetch.ts';
import { GuardError } from './guard-error.ts';

export interface BodyLimits {
  url: string;
  maxBytes: number | null;
  contentTypes: readonly string[];
  explain(error: unknown): unknown;
}

export async function limitBody(
  response: Response,
  redirects: string[],
  { url, maxBytes, contentTypes, explain }: BodyLimits,
): Promise<GuardedResponse> {
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const tooLarge = (size: string) =>
    new GuardError('response_too_large', `${url} is larger than ${maxBytes} bytes${size}.`, {
      url,
      maxBytes,
    });
  const promised = Number(response.headers.get('content-length'));
  const refusal =
    contentTypes.length > 0 && response.ok && !contentTypes.some((wanted) => matches(wanted, type))
      ? new GuardError(
          'unsupported_media_type',
          `${url} is ${type || 'of no stated type'}, not ${contentTypes.join(', ')}.`,
          {
            url,
            contentType: type,
          },
        )
      : maxBytes !== null && promised > maxBytes
        ? tooLarge(` (${promised})`)
        : null;
  if (refusal !== null) {
    await response.body?.cancel();
    throw refusal;
  }

  const reader = response.body?.getReader();
  let seen = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (done || value === undefined) return controller.close();
        seen += value.byteLength;
        if (maxBytes !== null && seen > maxBytes) throw tooLarge('');
        controller.enqueue(value);
      } catch (error) {
        await reader?.cancel().catch(() => {});
        controller.error(explain(error));
      }
    },
    cancel: (reason) => reader?.cancel(reason),
  });
  return {
    url,
    status: response.status,
    headers: response.headers,
    redirects,
    body,
    async bytes() {
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    },
  };
}

function matches(wanted: string, type: string): boolean {
  if (wanted.endsWith('/*')) return type.startsWith(wanted.slice(0, -1));
  if (wanted.startsWith('*+')) return type.endsWith(wanted.slice(1));
  return wanted === type;
}
