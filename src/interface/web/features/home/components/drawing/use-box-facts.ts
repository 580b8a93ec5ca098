// One figure and one state for each box, in words.
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../../../contracts/system.ts';
import { useCostText, useFormat } from '../../../../lib/format.ts';
import type { Box } from '../../../../lib/system-boxes.ts';

export type BoxState = 'ready' | 'working' | 'needs' | 'off';

export interface BoxFacts {
  figure: string;
  state: BoxState;
  /** The state in words; says what is needed. */
  note: string;
}

export function useBoxFacts(): (overview: Overview) => Record<Box, BoxFacts> {
  const { t } = useTranslation('home');
  const format = useFormat();
  const cost = useCostText();
  const n = (count: number) => ({ count, n: format.whole(count) });
  const plain = (figure: string, state: BoxState): BoxFacts => ({
    figure,
    state,
    note: t(`drawing.state.${state}`),
  });
  return ({ boxes: { models, knowledge, tools, agents, apps, api, monitoring } }) => {
    const calls = t('drawing.figure.calls', n(monitoring.callsToday));
    return {
      interface: {
        ...plain(t('drawing.figure.apps', n(apps.count)), apps.faults > 0 ? 'needs' : 'ready'),
        ...(apps.faults > 0 ? { note: t('drawing.note.faults', n(apps.faults)) } : {}),
      },
      api: plain(t('drawing.figure.calls', n(api.callsToday)), 'ready'),
      agent:
        agents.approvals > 0
          ? {
              ...plain(t('drawing.figure.agents', n(agents.count)), 'needs'),
              note: t('drawing.note.approvals', n(agents.approvals)),
            }
          : agents.running > 0
            ? {
                ...plain(t('drawing.figure.agents', n(agents.count)), 'working'),
                note: t('drawing.note.running', n(agents.running)),
              }
            : plain(t('drawing.figure.agents', n(agents.count)), agents.count > 0 ? 'ready' : 'off'),
      knowledge: {
        ...plain(
          t('drawing.figure.documents', n(knowledge.documents)),
          knowledge.working > 0
            ? 'working'
            : knowledge.failed > 0
              ? 'needs'
              : knowledge.documents > 0
                ? 'ready'
                : 'off',
        ),
        ...(knowledge.working > 0
          ? { note: t('drawing.note.reading', n(knowledge.working)) }
          : knowledge.failed > 0
            ? { note: t('drawing.note.failed', n(knowledge.failed)) }
            : {}),
      },
      tools: {
        ...plain(
          t('drawing.figure.tools', {
            enabled: format.whole(tools.enabled),
            total: format.whole(tools.total),
          }),
          tools.faults > 0 ? 'needs' : tools.enabled > 0 ? 'ready' : 'off',
        ),
        ...(tools.faults > 0 ? { note: t('drawing.note.faults', n(tools.faults)) } : {}),
      },
      models: plain(
        models.installed === 0
          ? t('drawing.figure.no_models')
          : t('drawing.figure.models', {
              loaded: format.whole(models.loaded),
              installed: format.whole(models.installed),
            }),
        models.installed === 0 ? 'off' : 'ready',
      ),
      monitoring: {
        ...plain(
          monitoring.costToday.kind === 'known'
            ? t('drawing.figure.cost', { calls, cost: cost(monitoring.costToday) })
            : calls,
          monitoring.errorsToday > 0 ? 'needs' : 'ready',
        ),
        ...(monitoring.errorsToday > 0 ? { note: t('drawing.note.errors', n(monitoring.errorsToday)) } : {}),
      },
    };
  };
}
