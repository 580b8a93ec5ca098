// Speaks the wire of llama.cpp's server as far as Atelier uses it: health that says when the model is there, props, and
// chat completions. Its arguments say how it behaves: --load-ms, --die-while-loading, --images. "crash" in a question ends it.
import { createServer, type ServerResponse } from 'node:http';

const args = process.argv.slice(2);
const option = (name: string) => {
  const at = args.lastIndexOf(name);
  return at < 0 ? null : (args[at + 1] ?? null);
};
const loadMs = Number(option('--load-ms') ?? 0);
const key = process.env.LLAMA_API_KEY ?? '';

console.error(`fake llama-server for ${option('--model')}`);
console.error(`environment: ${process.env.OPENAI_API_KEY ?? 'no key of another program'}`);
if (args.includes('--die-while-loading')) {
  console.error(`error: the key is ${key}`);
  console.error('error: failed to load model');
  process.exit(3);
}

let loaded = false;
for (let tenth = 1; tenth <= 10; tenth += 1) {
  setTimeout(() => process.stderr.write('..........'), (loadMs * tenth) / 11);
}
setTimeout(() => {
  loaded = true;
}, loadMs);

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  if (request.url === '/health') {
    return loaded
      ? json(response, 200, { status: 'ok' })
      : json(response, 503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } });
  }
  if (request.headers.authorization !== `Bearer ${key}`) {
    return json(response, 401, {
      error: { code: 401, message: 'Invalid API Key', type: 'authentication_error' },
    });
  }
  if (request.url === '/props') {
    return json(response, 200, {
      default_generation_settings: { n_ctx: 4096 },
      modalities: { vision: option('--mmproj') !== null, audio: false },
    });
  }
  if (request.url !== '/v1/chat/completions')
    return json(response, 404, { error: { code: 404, message: 'no' } });
  const body = JSON.parse(text) as { messages: unknown; min_p?: number };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  const piece = (delta: unknown, finish: string | null = null) =>
    send({
      id: 'c',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  piece({ role: 'assistant', content: `pid ${process.pid}` });
  if (JSON.stringify(body.messages).includes('crash')) {
    console.error('ggml_abort: the card fell off the bus');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 30);
    return;
  }
  const image = JSON.stringify(body.messages).includes('image_url') ? ', an image' : '';
  piece({ content: `${image}${body.min_p === undefined ? '' : `, min_p ${body.min_p}`}` });
  piece({}, 'stop');
  send({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  });
  response.end('data: [DONE]\n\n');
}).listen(Number(option('--port')), option('--host') ?? '');
