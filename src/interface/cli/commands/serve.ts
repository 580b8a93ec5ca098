// `atelier serve`: the server and its page. A second start on a live data folder opens the running address.
import { spawn } from 'node:child_process';
import { readConfig } from '../../../config.ts';
import { type Command, configFlags, flag, words } from '../command.ts';
import { openApp } from '../open-app.ts';
import { reportFirstRun } from '../report-first-run.ts';
import { onStopSignal } from '../signals.ts';
import { version } from '../version.ts';

/** A stop takes at most 10 s, of which answers under way may have most. */
const STOP_WITHIN_MS = 9800;
const DRAIN_MS = 6000;

function openBrowser(url: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]];
  // A machine without a browser or a desktop is no fault: the address stands in the terminal.
  spawn(command, args as string[], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

export const serve: Command = {
  help: `atelier serve: the server and its page on http://localhost:4242

  --port N       another port (0: any free one)
  --no-open      do not open the browser
  --data DIR     data folder
  --host HOST    where it listens; beyond this machine (0.0.0.0: everywhere) only with accounts
  --public-url URL       where others find it, such as https://atelier.example; several with commas
  --tls-cert FILE        https with this certificate ...
  --tls-key FILE         ... and its key, both in PEM form
  --trust-proxy ADDRESS  whose X-Forwarded-For and -Proto count; several, and networks, with commas
  --model ID     what the first run fetches: a catalogue id, auto, none
  --gpu NAME     auto, cpu, cuda, vulkan, metal
  --log LEVEL    debug, info, warn, error
  --json         one object a line instead of sentences
`,
  options: {
    port: { type: 'string' },
    open: { type: 'boolean' },
    host: { type: 'string' },
    'public-url': { type: 'string' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'trust-proxy': { type: 'string' },
    model: { type: 'string' },
    gpu: { type: 'string' },
    log: { type: 'string' },
  },
  async run({ values, positionals, env }) {
    words(positionals, 'atelier serve');
    const config = readConfig(configFlags(values), env);
    const json = flag(values, 'json') ?? false;
    const say = (line: string, data: Record<string, unknown>) =>
      process.stdout.write(json ? `${JSON.stringify(data)}\n` : `${line}\n`);
    const opened = await openApp(config);
    if ('running' in opened) {
      const { running: url } = opened;
      say(`Atelier is already running for this data folder: ${url}`, { event: 'running', url });
      if (config.open) openBrowser(url);
      return 0;
    }
    const { app } = opened;
    const { listen } = await import('../../../api/serve.ts');
    const { reachOf } = await import('../../../api/reach.ts');
    let server: Awaited<ReturnType<typeof listen>>;
    try {
      server = await listen(app);
      await app.announce({ port: server.port, url: server.url, localUrl: server.localUrl });
    } catch (error) {
      await app.close();
      throw error;
    }
    const stopped = new Promise<void>((resolve) => {
      onStopSignal(resolve);
    });
    say(`Atelier ${version} is at ${server.url} (data: ${config.dataDir}). Press Ctrl+C to stop.`, {
      event: 'listening',
      url: server.url,
      dataDir: config.dataDir,
    });
    if (reachOf(config).insecure)
      process.stderr.write(
        'Warning: other machines can connect and nothing encrypts what they send, passwords and keys too. Use --tls-cert and --tls-key, or a proxy with https (--public-url and --trust-proxy).\n',
      );
    if (config.open) openBrowser(server.url);
    const unwatch = json ? () => {} : reportFirstRun(app);
    try {
      // A person who stops it while it still takes up old work does not wait for that.
      await Promise.race([app.start(), stopped]);
      await stopped;
      say('Stopping ...', { event: 'stopping' });
    } finally {
      unwatch();
      setTimeout(() => {
        process.stderr.write('Some work did not end within 10 s and was cut; what was stored is safe.\n');
        process.exit(1);
      }, STOP_WITHIN_MS).unref();
      // Answers are finished or marked first, so that their streams can end; then the sockets, then the store.
      await app.drain(DRAIN_MS);
      await server.close();
      await app.close();
    }
    return 0;
  },
};
