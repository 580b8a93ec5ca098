// Forms are read part by part, and a broken one is a clear error.
import { expect, test } from 'vitest';
import { type FormPart, readForm } from './read-form.ts';

async function collect(request: Request) {
  const parts: ((Omit<Extract<FormPart, { kind: 'file' }>, 'bytes'> & { text: string }) | FormPart)[] = [];
  for await (const part of readForm(request)) {
    if (part.kind === 'field') parts.push(part);
    else {
      const chunks: Uint8Array[] = [];
      for await (const chunk of part.bytes) chunks.push(chunk);
      const { bytes: _bytes, ...rest } = part;
      parts.push({ ...rest, text: Buffer.concat(chunks).toString('utf8') });
    }
  }
  return parts;
}

function request(form: FormData): Request {
  return new Request('http://localhost/', { method: 'POST', body: form });
}

test('fields and files come in order, names keep their path and their accents', async () => {
  const form = new FormData();
  form.append('attributes', '{"année":2024}');
  form.append('files', new File(['un'], 'dossier/été.txt', { type: 'text/plain' }));
  form.append('files', new File(['x'.repeat(300_000)], 'b.bin'));
  const parts = await collect(request(form));
  expect(parts[0]).toEqual({ kind: 'field', name: 'attributes', value: '{"année":2024}' });
  expect(parts[1]).toMatchObject({ fileName: 'dossier/été.txt', mediaType: 'text/plain', text: 'un' });
  expect(parts[2]).toMatchObject({ fileName: 'b.bin', text: 'x'.repeat(300_000) });
});

test('a file that nobody reads does not hold up the next part', async () => {
  const form = new FormData();
  form.append('a', new File(['y'.repeat(500_000)], 'a.bin'));
  form.append('b', 'after');
  const seen: string[] = [];
  for await (const part of readForm(request(form))) seen.push(part.name);
  expect(seen).toEqual(['a', 'b']);
});

test('a sender that goes away in the middle of a file is an error, not a wait for ever', async () => {
  const head = '--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhal';
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(head));
      setTimeout(() => controller.error(new Error('the connection was cut')), 10);
    },
  });
  const init = { method: 'POST', body, duplex: 'half' };
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  await expect(collect(new Request('http://localhost/', { ...init, headers }))).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('the connection was cut'),
  });
});

test('many fields do not fill the memory', async () => {
  const form = new FormData();
  for (let at = 0; at < 40; at++) form.append(`f${at}`, 'x'.repeat(1_000_000));
  await expect(collect(request(form))).rejects.toMatchObject({ code: 'payload_too_large' });
});

test.each([
  ['no form', { headers: { 'content-type': 'application/json' }, body: '{}' }, 'unsupported_media_type'],
  ['no boundary', { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }, 'invalid_request'],
  [
    'cut in the middle of a file',
    {
      headers: { 'content-type': 'multipart/form-data; boundary=b' },
      body: '--b\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\nhal',
    },
    'invalid_request',
  ],
])('%s is refused', async (_title, init, code) => {
  await expect(collect(new Request('http://localhost/', { method: 'POST', ...init }))).rejects.toMatchObject({
    code,
  });
});
