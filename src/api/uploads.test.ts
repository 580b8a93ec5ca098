// Files that a person hands in: what comes back can do nothing in the page's origin, and no file takes another's place.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../../test/create-test-app.ts';

let app: TestApp;
let collectionId: string;
beforeAll(async () => {
  app = await createTestApp();
  const made = await app.send('/atelier/v1/collections', { name: 'Papers' });
  collectionId = ((await made.json()) as { id: string }).id;
});
afterAll(() => app.close());

const formOf = (field: string, name: string, text: string) => {
  const form = new FormData();
  form.append(field, new File([text], name));
  return form;
};
/** As bytes: the body of a form that is refused in the middle is cancelled, which undici's own forms cannot take. */
async function post(path: string, form: FormData, headers: Record<string, string> = {}) {
  const written = new Response(form);
  const type = written.headers.get('content-type') ?? '';
  const body = new Uint8Array(await written.arrayBuffer());
  return app.request(path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}
const add = (form: FormData, headers: Record<string, string> = {}) =>
  post(`/atelier/v1/collections/${collectionId}/documents`, form, headers);

test.each([
  ['evil.html', '<script>alert(1)</script>'],
  ['evil.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['evil.pdf', '<script>alert(1)</script>'],
  ['evil.xml', '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>'],
])('%s comes back as something that cannot run', async (name, text) => {
  const added = await add(formOf('files', name, text));
  expect(added.status).toBe(202);
  const { documents } = (await added.json()) as { documents: { id: string }[] };
  for (const query of ['', '?inline=1']) {
    const { headers } = await app.request(`/atelier/v1/documents/${documents[0]?.id}/original${query}`);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    if (headers.get('content-type') !== 'application/pdf' || query === '')
      expect(headers.get('content-disposition')).toMatch(/^attachment;/);
  }
});

test('a form of a foreign page is refused, and leaves nothing', async () => {
  const refused = await add(formOf('files', 'a.txt', 'x'), { origin: 'https://evil.example' });
  expect(refused.status).toBe(403);
  const list = await app.request(`/atelier/v1/collections/${collectionId}/documents?query=a.txt`);
  expect(await list.json()).toMatchObject({ documents: [] });
});

test.each(['../up.txt', '/etc/passwd', 'C:\\a.txt', 'a/../../b.txt'])(
  '%s does not lead out',
  async (name) => {
    const added = await add(formOf('files', name, 'x'));
    if (added.status === 202) {
      const { documents } = (await added.json()) as { documents: { path: string }[] };
      for (const { path } of documents) expect(path).not.toMatch(/^\/|\.\.|:/);
    } else expect(await added.json()).toMatchObject({ error: { code: 'path_refused' } });
  },
);

test('two files whose names are one name spelled twice are two documents', async () => {
  const upload = async (name: string) => {
    const made = await post('/v1/files', formOf('file', name, name));
    return ((await made.json()) as { id: string }).id;
  };
  const ids = [
    await upload('\u00e9t\u00e9.txt'),
    await upload('e\u0301te\u0301.txt'),
    await upload('./\u00e9t\u00e9.txt'),
  ];
  const storeId = collectionId.replace('col_', 'vs_');
  for (const file_id of ids)
    expect((await app.send(`/v1/vector_stores/${storeId}/files`, { file_id })).status).toBe(200);
  for (const id of ids)
    expect(await (await app.request(`/v1/vector_stores/${storeId}/files/${id}`)).json()).toMatchObject({
      id,
    });
});
