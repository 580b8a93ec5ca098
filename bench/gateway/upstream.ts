// A provider that costs nothing: plain answers and streams of a hundred chunks on OpenAI's chat wire, as fast as a bare
// server gives them. Prints its port.
import { createServer } from 'node:http';

const usage = { prompt_tokens: 20, completion_tokens: 100, total_tokens: 120 };
const head = { id: 'chatcmpl-bench', created: 1, model: 'bench' };
const words = Array.from({ length: 100 }, (_, index) => `word${index} `);
const plain = Buffer.from(
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: 'stop' }],
    usage,
  }),
);
const chunk = (choices: unknown[], more: object = {}) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })}\n\n`;
const chunks = [
  ...words.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage }),
  'data: [DONE]\n\n',
].map((text) => Buffer.from(text));

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    if (request.method === 'GET') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'bench', object: 'model' }] }));
      return;
    }
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': plain.length });
      response.end(plain);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // Ten writes of ten chunks, so that a proxy has more than one piece to pass on.
    let at = 0;
    const next = () => {
      if (at >= chunks.length) return response.end();
      response.write(Buffer.concat(chunks.slice(at, at + 10)));
      at += 10;
      setImmediate(next);
    };
    next();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
});
