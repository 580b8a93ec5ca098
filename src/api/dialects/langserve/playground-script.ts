// The script of the playground page. It runs in a browser: it is sent as its own text, so it imports nothing and uses
// nothing from outside the function.

interface Words {
  [key: string]: string;
}
interface PageData {
  words: Words;
  schema: Schema | null;
  example: Record<string, unknown> | null;
  monitor: string;
}
interface Schema {
  type?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
}

export function playgroundScript(): void {
  const by = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
  const data = JSON.parse(by('data').textContent ?? '{}') as PageData;
  const { words, schema, example } = data;
  const form = by<HTMLFormElement>('form');
  const output = by('output');
  const steps = by('steps');
  const state = by('state');
  const stop = by<HTMLButtonElement>('stop');
  const start = by<HTMLButtonElement>('start');
  const feedback = by('feedback');
  const readers: Record<string, () => unknown> = {};
  let run: AbortController | null = null;
  let runId: string | null = null;

  function addField(name: string, field: Schema, isRequired: boolean): void {
    const label = document.createElement('label');
    const title = document.createElement('span');
    title.textContent = field.title ?? name;
    label.append(title);
    if (field.description) {
      const hint = document.createElement('small');
      hint.textContent = field.description;
      label.append(hint);
    }
    const given = example?.[name] ?? field.default;
    if (field.enum) {
      const select = document.createElement('select');
      for (const value of isRequired ? field.enum : ['', ...field.enum])
        select.append(new Option(String(value), String(value), false, value === given));
      const options = field.enum;
      readers[name] = () => options.find((value) => String(value) === select.value);
      label.append(select);
    } else if (field.type === 'boolean') {
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.checked = given === true;
      readers[name] = () => box.checked;
      label.append(box);
    } else if (field.type === 'number' || field.type === 'integer') {
      const input = document.createElement('input');
      input.type = 'number';
      input.step = field.type === 'integer' ? '1' : 'any';
      input.value = given === undefined ? '' : String(given);
      readers[name] = () => (input.value === '' ? undefined : Number(input.value));
      label.append(input);
    } else {
      const area = document.createElement('textarea');
      const isText = field.type === 'string';
      area.rows = isText ? 3 : 4;
      area.required = isRequired && isText;
      area.value = given === undefined ? '' : isText ? String(given) : JSON.stringify(given, null, 2);
      if (!isText) area.placeholder = 'JSON';
      readers[name] = () =>
        isText ? (area.value === '' && !isRequired ? undefined : area.value) : parse(area.value);
      label.append(area);
    }
    form.insertBefore(label, by('actions'));
  }

  const parse = (text: string): unknown => (text.trim() === '' ? undefined : JSON.parse(text));

  const properties = schema?.type === 'object' ? schema.properties : undefined;
  if (properties)
    for (const [name, field] of Object.entries(properties))
      addField(name, field, schema?.required?.includes(name) ?? false);
  else
    addField(
      'input',
      { type: schema && schema.type !== 'string' ? 'any' : 'string', title: words.input ?? '' },
      true,
    );

  function readInput(): unknown {
    const values = Object.fromEntries(Object.entries(readers).map(([name, read]) => [name, read()]));
    return properties ? values : values.input;
  }

  function show(chunk: unknown): void {
    if (typeof chunk === 'string') output.textContent += chunk;
    else if (typeof chunk === 'object' && chunk !== null && 'content' in chunk && 'type' in chunk)
      output.textContent += String(chunk.content);
    else {
      const fields = Object.entries(chunk as Record<string, unknown>);
      const only = fields.length === 1 ? fields[0]?.[1] : undefined;
      if (typeof only === 'string') output.textContent += only;
      else
        output.textContent += `${output.textContent === '' ? '' : '\n\n'}${JSON.stringify(chunk, null, 2)}`;
    }
  }

  function showEvent(event: {
    event: string;
    name: string;
    run_id: string;
    data: { [key: string]: unknown };
  }): void {
    if (event.event === 'on_chain_start') runId = event.run_id;
    if (event.event === 'on_chain_stream') show(event.data.chunk);
    const isTool = event.event.startsWith('on_tool_');
    if (!isTool && event.event !== 'on_custom_event') return;
    if (event.name === 'partial') return;
    const item = document.createElement('li');
    const about = isTool ? (event.data.output ?? event.data.input) : event.data;
    item.textContent = `${event.name} ${typeof about === 'string' ? about : JSON.stringify(about)}`;
    steps.append(item);
  }

  /** Reads server-sent events: blocks of lines between empty lines. */
  async function read(response: Response): Promise<void> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const next = await reader?.read();
      if (!next || next.done) return;
      const blocks = (text + next.value).split('\r\n\r\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const lines = block.split('\r\n');
        const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
        const body = lines
          .filter((line) => line.startsWith('data: '))
          .map((line) => line.slice(6))
          .join('\n');
        if (name === 'error') throw new Error((JSON.parse(body) as { message: string }).message);
        if (name === 'data') showEvent(JSON.parse(body));
      }
    }
  }

  async function submit(): Promise<void> {
    output.textContent = '';
    steps.textContent = '';
    feedback.hidden = true;
    runId = null;
    run = new AbortController();
    start.disabled = true;
    stop.hidden = false;
    state.textContent = words.working ?? '';
    try {
      const response = await fetch('../stream_events', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-atelier-client': 'web' },
        body: JSON.stringify({ input: readInput(), config: {}, kwargs: { version: 'v2' } }),
        signal: run.signal,
      });
      if (!response.ok) throw new Error(await response.text());
      await read(response);
      state.textContent = words.done ?? '';
      feedback.hidden = runId === null;
      by<HTMLAnchorElement>('trace').href = data.monitor + (runId ?? '').replaceAll('-', '');
    } catch (error) {
      state.textContent = run.signal.aborted
        ? (words.stopped ?? '')
        : `${words.failed ?? ''} ${(error as Error).message}`;
    } finally {
      run = null;
      start.disabled = false;
      stop.hidden = true;
    }
  }

  async function rate(score: number): Promise<void> {
    const response = await fetch('../feedback', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ run_id: runId, key: 'user.rating', score }),
    });
    state.textContent = response.ok ? (words.thanks ?? '') : `${words.failed ?? ''} ${response.status}`;
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  stop.addEventListener('click', () => run?.abort());
  by('good').addEventListener('click', () => void rate(1));
  by('bad').addEventListener('click', () => void rate(-1));
}
