// An app behind the face of what is served.
import type { AppInfo } from '../../contracts/app.ts';
import type { Apps } from '../apps.ts';
import type { Served, ServedEvent } from './served.ts';
import { throughServed } from './served-chain.ts';
import { fitInput, textField } from './text-field.ts';

/** @throws AtelierError not_found */
export function servedApp(apps: Pick<Apps, 'get' | 'stream'>, name: string): Served {
  const info = apps.get(name);
  return {
    kind: 'app',
    name,
    title: both(info.title),
    description: both(info.description),
    inputSchema: info.inputSchema,
    outputSchema: info.outputSchema.type === 'string' ? null : info.outputSchema,
    textField: info.outputSchema.type === 'string' ? null : textField(info.outputSchema),
    example: { en: info.example.en, fr: info.example.fr },
    stream: (who, { input, model, source, parent, signal }) =>
      throughServed(`apps/${name}`, () =>
        toServed(
          apps.stream(who, name, fitInput(info.inputSchema, input), {
            source,
            signal,
            ...(model === undefined ? {} : { model }),
            ...(parent === undefined ? {} : { parent }),
          }),
        ),
      ),
  };
}

const both = (words: AppInfo['title']) => ({ en: words.en, fr: words.fr });

async function* toServed(events: ReturnType<Apps['stream']>): AsyncGenerator<ServedEvent> {
  for await (const event of events) {
    switch (event.type) {
      case 'text-delta':
      case 'output':
        yield event;
        break;
      case 'finish':
        yield { type: 'finish', receipt: event.receipt };
        break;
      case 'partial':
        yield { type: 'told', name: 'partial', data: event.output };
        break;
      case 'note': {
        const { type: _, ...notice } = event;
        yield { type: 'told', name: 'note', data: notice };
        break;
      }
      case 'status':
        yield {
          type: 'told',
          name: 'status',
          data: { step: event.step, done: event.done, total: event.total },
        };
        break;
    }
  }
}
