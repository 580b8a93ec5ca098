// Starts a llama-server as the server does, says its process id, and waits to be killed.
import { createHttp } from '../../src/lib/http.ts';
import { silentLog } from '../../src/lib/log.ts';
import { createLlamaServerRunner } from '../../src/models/providers/llama-server/runner.ts';

const http = createHttp({ env: {} });
const runner = createLlamaServerRunner({ http, log: silentLog, idleMinutes: () => null });
const config = {
  command: process.execPath,
  model: 'local/small',
  projector: null,
  arguments: [process.argv[2] ?? ''],
};
const lease = await runner.lease('held', { config, modelPath: '/models/small.gguf' });
const response = await http.request(`${lease.baseUrl}/chat/completions`, {
  method: 'POST',
  headers: { authorization: `Bearer ${lease.apiKey}`, 'content-type': 'application/json' },
  body: JSON.stringify({ messages: [] }),
});
let text = '';
for await (const chunk of response.body) text += String(chunk);
console.log(/pid \d+/.exec(text)?.[0]);
setInterval(() => undefined, 1000);
