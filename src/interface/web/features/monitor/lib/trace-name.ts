// Names that the program gives to its own steps, in words; every other name stands as it was recorded.
import { useTranslation } from 'react-i18next';
import { useToolTitle } from '../../../lib/known-names.ts';

export function useTraceName(): (name: string) => string {
  const { t } = useTranslation('monitor');
  const toolTitle = useToolTitle();
  return (name) => {
    const [verb = '', rest = ''] = [name.split(' ', 1)[0], name.slice(name.indexOf(' ') + 1)];
    if (name === 'title') return t('name.title');
    if (name === 'search knowledge') return t('step.search');
    if (name === 'answer from knowledge') return t('step.grounded');
    const request = /^(?:page|cli) request(?: \((documents|agent) ?(.*)\))?$/.exec(name);
    if (request?.[1] === 'agent') return t('step.request_agent', { name: request[2] });
    if (request) return request[1] === 'documents' ? t('step.request_documents') : t('step.request');
    if (!name.includes(' ')) return name;
    switch (verb) {
      case 'invoke_agent':
        return t('step.agent', { name: rest });
      case 'execute_tool':
        return t('step.tool', { tool: toolTitle(rest, rest) });
      case 'wait_for_approval':
        return t('step.approval', { tool: toolTitle(rest, rest) });
      case 'step':
        return /^\d+$/.test(rest) ? t('step.work', { n: rest }) : name;
      case 'ingest':
        return t('step.ingest', { name: rest });
      case 'app':
        return t('step.app', { name: rest });
      default:
        return name;
    }
  };
}
