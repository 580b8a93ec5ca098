// Tools and agents that Atelier brings have names in both languages; all others are called what their makers call them.
import { useTranslation } from 'react-i18next';
import type { Agent } from '../../../contracts/agent.ts';

/** The title of a tool by its name. */
export function useToolTitle(): (name: string, title: string) => string {
  const { t, i18n } = useTranslation('run');
  return (name, title) => {
    const key = `tool_title.${name}`;
    return i18n.exists(key, { ns: 'run' }) ? String(t(key as never)) : title;
  };
}

/** What a tool does, for people; its own description is what the model reads. */
export function useToolAbout(): (name: string, description: string) => string {
  const { t, i18n } = useTranslation('run');
  return (name, description) => {
    const key = `tool_about.${name}`;
    return i18n.exists(key, { ns: 'run' }) ? String(t(key as never)) : description;
  };
}

type Named = Pick<Agent, 'name' | 'title' | 'description' | 'source'>;

export function useAgentWords(): (agent: Named) => { title: string; description: string } {
  const { t, i18n } = useTranslation('run');
  return ({ name, title, description, source }) => {
    const say = (key: string, otherwise: string) =>
      source === 'builtin' && i18n.exists(key, { ns: 'run' }) ? String(t(key as never)) : otherwise;
    return {
      title: say(`agent_title.${name}`, title),
      description: say(`agent_about.${name}`, description),
    };
  };
}
