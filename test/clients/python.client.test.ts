// The Python packages of OpenAI, Anthropic and Ollama, unmodified and pinned, over a real socket against the scripted
// model. They are installed once, into .cache; without Python or its package index the suite is skipped and says why,
// and under CI=true that fails.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../create-test-app.ts';

const run = promisify(execFile);
const requirements = ['anthropic==1.13.0', 'ollama==0.6.3', 'openai==3.22.1'];
const cache = resolve(import.meta.dirname, '../../.cache/python-clients');
const packages = join(cache, 'packages');
const python = process.platform === 'win32' ? 'python' : 'python3';

/** Null when the packages are there, else why they cannot be had. */
async function install(): Promise<string | null> {
  const mark = join(cache, 'installed.txt');
  const wanted = requirements.join('\n');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return null;
  try {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(cache, { recursive: true });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', packages];
    await run(python, [...pip, ...requirements], { timeout: 100_000 });
    writeFileSync(mark, wanted);
    return null;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1);
    return `pip cannot install ${requirements.join(', ')}: ${said || String(error)}`;
  }
}

const missing = await install();
if (missing !== null && process.env.CI === 'true') throw new Error(missing);
if (missing !== null) process.stdout.write(`the Python clients: skipped, ${missing}\n`);

describe.skipIf(missing !== null)('Python clients', () => {
  let app: TestApp;
  let url: string;
  beforeAll(async () => {
    app = await createTestApp();
    url = await app.url();
  });
  afterAll(() => app.close());

  /** Runs a program that prints one JSON value. */
  async function ask(program: string): Promise<unknown> {
    const { stdout } = await run(python, ['-c', `import json\nURL = "${url}"\n${program}`], {
      env: { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' },
      timeout: 60_000,
    });
    return JSON.parse(stdout) as unknown;
  }

  test('anthropic: a message, a stream with a tool, tokens, models, errors', async () => {
    const answer = await ask(`
from anthropic import Anthropic, NotFoundError, RateLimitError
client = Anthropic(base_url=URL, api_key="any", max_retries=0)
def ask(text, **more):
    return dict(model="scripted/script", max_tokens=50, messages=[{"role": "user", "content": text}], **more)
plain = client.messages.create(**ask("#text Hello there"))
tools = [{"name": "f", "input_schema": {"type": "object"}}]
with client.messages.stream(**ask('#reasoning Hm.\\n#text Yes.\\n#tool f {"a":1}', tools=tools)) as stream:
    final = stream.get_final_message()
counted = client.messages.count_tokens(model="scripted/script", messages=[{"role": "user", "content": "one two"}])
models = [model.id for model in client.models.list(limit=2)]
def failure(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
print(json.dumps({
    "text": plain.content[0].text, "stop": plain.stop_reason, "out": plain.usage.output_tokens,
    "kinds": [block.type for block in final.content], "input": final.content[2].input,
    "tokens": counted.input_tokens, "models": "scripted/script" in models,
    "missing": failure(lambda: client.messages.create(**{**ask("hi"), "model": "nobody"})),
    "limited": failure(lambda: client.messages.create(**ask("#error 429 Slow down"))),
}))`);
    expect(answer).toEqual({
      text: 'Hello there',
      stop: 'end_turn',
      out: 2,
      kinds: ['thinking', 'text', 'tool_use'],
      input: { a: 1 },
      tokens: 3,
      models: true,
      missing: 'NotFoundError',
      limited: 'RateLimitError',
    });
  });

  test('ollama: chat, stream, tools, a prompt, vectors, models, errors', async () => {
    const answer = await ask(`
from ollama import Client, ResponseError
client = Client(host=URL)
def chat(text, **more):
    return client.chat(model="scripted/script", messages=[{"role": "user", "content": text}], **more)
plain = chat("#text Hello there")
chunks = list(chat("#text Hello there", stream=True))
def f(a: int) -> int:
    """Gives a number back.
    Args:
      a: any number
    """
    return a
called = chat('#tool f {"a":1}', tools=[f])
prompt = client.generate(model="scripted/script", prompt="#text Once")
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
shaped = client.generate(model="scripted/script", prompt="Paris", format=schema)
vectors = client.embed(model="scripted/embed", input=["a", "b"])
try:
    client.chat(model="nobody", messages=[{"role": "user", "content": "hi"}])
    status = None
except ResponseError as error:
    status = error.status_code
print(json.dumps({
    "text": plain.message.content, "done": plain.done_reason, "took": plain.total_duration > 0,
    "stream": "".join(chunk.message.content for chunk in chunks), "ends": chunks[-1].done,
    "call": called.message.tool_calls[0].function.arguments, "prompt": prompt.response,
    "shaped": list(json.loads(shaped.response)), "vectors": len(vectors.embeddings),
    "models": "scripted/script" in [model.model for model in client.list().models],
    "memory": len(client.ps().models), "shown": client.show("scripted/script").capabilities, "status": status,
}))`);
    expect(answer).toEqual({
      text: 'Hello there',
      done: 'stop',
      took: true,
      stream: 'Hello there',
      ends: true,
      call: { a: 1 },
      prompt: 'Once',
      shaped: ['city'],
      vectors: 2,
      models: true,
      memory: 0,
      shown: ['completion', 'tools'],
      status: 404,
    });
  });

  test('openai: chat, stream, a tool, an object, responses, vectors, models, errors', async () => {
    const answer = await ask(`
from openai import OpenAI, NotFoundError, RateLimitError
client = OpenAI(base_url=URL + "/v1", api_key="any", max_retries=0)
def ask(text, **more):
    return dict(model="scripted/script", messages=[{"role": "user", "content": text}], **more)
plain = client.chat.completions.create(**ask("#text Hello there"))
stream = client.chat.completions.create(**ask("#text Hello there", stream=True))
streamed = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
tools = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
called = client.chat.completions.create(**ask('#tool f {"a":1}', tools=tools))
schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
shaped = client.chat.completions.create(**ask("Paris", response_format={
    "type": "json_schema", "json_schema": {"name": "city", "schema": schema}}))
response = client.responses.create(model="scripted/script", input="#text Hello there")
vectors = client.embeddings.create(model="scripted/embed", input=["a", "b"])
def failure(call):
    try:
        call()
    except Exception as error:
        return type(error).__name__
print(json.dumps({
    "text": plain.choices[0].message.content, "out": plain.usage.completion_tokens, "stream": streamed,
    "call": called.choices[0].message.tool_calls[0].function.arguments,
    "shaped": list(json.loads(shaped.choices[0].message.content)), "response": response.output_text,
    "vectors": len(vectors.data), "models": "scripted/script" in [model.id for model in client.models.list()],
    "missing": failure(lambda: client.chat.completions.create(**{**ask("hi"), "model": "nobody"})),
    "limited": failure(lambda: client.chat.completions.create(**ask("#error 429 Slow down"))),
}))`);
    expect(answer).toEqual({
      text: 'Hello there',
      out: 2,
      stream: 'Hello there',
      call: '{"a":1}',
      shaped: ['city'],
      response: 'Hello there',
      vectors: 2,
      models: true,
      missing: 'NotFoundError',
      limited: 'RateLimitError',
    });
  });
});
