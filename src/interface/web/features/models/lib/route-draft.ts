// The settings of a route while they are typed: seconds as text, a policy as one choice.
import type { AppFigure } from '../../../../../contracts/app.ts';
import type { RouteSettings } from '../../../../../contracts/routing.ts';

export interface RouteDraft {
  model: string;
  fallbacks: string[];
  retries: string;
  connect: string;
  firstToken: string;
  total: string;
  cache: boolean;
  cacheHours: string;
  /** `app|set|metric`; empty: none. */
  policy: string;
  atLeast: string;
}

export const defaultRoute: RouteSettings = {
  fallbacks: [],
  retries: 1,
  connectMs: null,
  firstTokenMs: null,
  totalMs: null,
  cache: false,
  cacheHours: 24,
  policy: null,
};

export const policyKey = ({ app, set, metric }: Pick<AppFigure, 'app' | 'set' | 'metric'>): string =>
  [app, set, metric].join('|');

const seconds = (ms: number | null): string => (ms === null ? '' : String(ms / 1000));

export function draftOfRoute(model: string, settings: RouteSettings): RouteDraft {
  return {
    model,
    fallbacks: [...settings.fallbacks],
    retries: String(settings.retries),
    connect: seconds(settings.connectMs),
    firstToken: seconds(settings.firstTokenMs),
    total: seconds(settings.totalMs),
    cache: settings.cache,
    cacheHours: String(settings.cacheHours),
    policy: settings.policy ? policyKey(settings.policy) : '',
    atLeast: settings.policy ? String(settings.policy.atLeast) : '',
  };
}

export type RouteFault = 'connect' | 'firstToken' | 'total' | 'cacheHours' | 'atLeast';
const MOST_SECONDS = 3600;
const MOST_HOURS = 8760;

/** With a point or a comma; NaN when it is no number. */
const numberOf = (text: string): number =>
  text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'));

export type ReadRoute = { ok: true; settings: RouteSettings } | { ok: false; faults: RouteFault[] };

export function readRoute(draft: RouteDraft): ReadRoute {
  const faults: RouteFault[] = [];
  const limit = (key: 'connect' | 'firstToken' | 'total'): number | null => {
    if (draft[key].trim() === '') return null;
    const value = numberOf(draft[key]);
    if (!(value > 0 && value <= MOST_SECONDS)) faults.push(key);
    return Math.max(1, Math.round(value * 1000));
  };
  const cacheHours = numberOf(draft.cacheHours);
  if (draft.cache && !(cacheHours > 0 && cacheHours <= MOST_HOURS)) faults.push('cacheHours');
  const atLeast = numberOf(draft.atLeast);
  if (draft.policy !== '' && !Number.isFinite(atLeast)) faults.push('atLeast');
  const [app = '', set = '', metric = ''] = draft.policy.split('|');
  const settings: RouteSettings = {
    fallbacks: draft.fallbacks,
    retries: Number(draft.retries),
    connectMs: limit('connect'),
    firstTokenMs: limit('firstToken'),
    totalMs: limit('total'),
    cache: draft.cache,
    cacheHours: Number.isFinite(cacheHours) ? cacheHours : defaultRoute.cacheHours,
    policy: draft.policy === '' ? null : { kind: 'cheapest-passing', app, set, metric, atLeast },
  };
  return faults.length > 0 ? { ok: false, faults } : { ok: true, settings };
}
