// Every address of the page on one screen. Doors are fetched when they are opened or about to be.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  useParams,
} from '@tanstack/react-router';
import { lazy } from 'react';
import { readAgentSearch, readAgentsSearch } from '../features/agents/search.ts';
import { readAppSearch } from '../features/apps/search.ts';
import { readChatSearch } from '../features/chat/search.ts';
import { readClassifiersSearch } from '../features/classifiers/search.ts';
import { readDatasetSearch, readDatasetsSearch } from '../features/datasets/search.ts';
import { readEvaluationSearch, readNewEvaluationSearch } from '../features/evaluations/search.ts';
import { readCollectionSearch, readDocumentSearch } from '../features/knowledge/search.ts';
import { readModelsSearch } from '../features/models/search.ts';
import { readMonitorSearch, readTraceViewSearch } from '../features/monitor/filters.ts';
import { readPlaygroundSearch } from '../features/playground/search.ts';
import { readPromptSearch, readPromptsSearch } from '../features/prompts/search.ts';
import { readSettingsSearch } from '../features/settings/search.ts';
import { readNewTrainingSearch } from '../features/training/search.ts';
import { AgentRoute, RunRoute } from './agent-routes.tsx';
import { AppRoute } from './app-route.tsx';
import { HomeRoute } from './home-route.tsx';
import { Layout } from './layout.tsx';
import { EvaluationRoute, TrainingRunRoute } from './learning-routes.tsx';
import { CrashedPage, NotFoundPage } from './misfits.tsx';

const ChatPage = lazy(async () => ({
  default: (await import('../features/chat/components/chat-page.tsx')).ChatPage,
}));
const TracePage = lazy(async () => ({
  default: (await import('../features/monitor/components/trace-page.tsx')).TracePage,
}));

/** One component for both chat addresses, so that the list stays when the conversation changes. */
function ChatRoute() {
  const { conversationId } = useParams({ strict: false });
  return <ChatPage {...(conversationId ? { conversationId } : {})} />;
}

function TraceRoute() {
  const { traceId } = useParams({ strict: false });
  return <TracePage traceId={traceId ?? ''} />;
}

const PromptPage = lazy(async () => ({
  default: (await import('../features/prompts/components/prompt-page.tsx')).PromptPage,
}));

function PromptRoute() {
  const { name } = useParams({ strict: false });
  return <PromptPage name={name ?? ''} />;
}

const root = createRootRoute({ component: Layout, notFoundComponent: NotFoundPage });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomeRoute });
const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  validateSearch: readChatSearch,
  component: ChatRoute,
});
const chatNew = createRoute({ getParentRoute: () => chat, path: '/' });
const conversation = createRoute({ getParentRoute: () => chat, path: '$conversationId' });
const knowledge = createRoute({
  getParentRoute: () => root,
  path: '/knowledge',
  component: lazyRouteComponent(
    () => import('../features/knowledge/components/knowledge-page.tsx'),
    'KnowledgePage',
  ),
});
const collection = createRoute({
  getParentRoute: () => root,
  path: '/knowledge/$collectionId',
  validateSearch: readCollectionSearch,
  component: lazyRouteComponent(
    () => import('../features/knowledge/components/collection-page.tsx'),
    'CollectionPage',
  ),
});
const document = createRoute({
  getParentRoute: () => root,
  path: '/knowledge/$collectionId/$documentId',
  validateSearch: readDocumentSearch,
  component: lazyRouteComponent(
    () => import('../features/knowledge/components/document-page.tsx'),
    'DocumentPage',
  ),
});
const apps = createRoute({
  getParentRoute: () => root,
  path: '/apps',
  component: lazyRouteComponent(() => import('../features/apps/components/apps-page.tsx'), 'AppsPage'),
});
const app = createRoute({
  getParentRoute: () => root,
  path: '/apps/$name',
  validateSearch: readAppSearch,
  component: AppRoute,
});
const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  validateSearch: readAgentsSearch,
  component: lazyRouteComponent(() => import('../features/agents/components/agents-page.tsx'), 'AgentsPage'),
});
const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$name',
  validateSearch: readAgentSearch,
  component: AgentRoute,
});
const agentRun = createRoute({
  getParentRoute: () => root,
  path: '/agents/runs/$runId',
  component: RunRoute,
});
const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: readModelsSearch,
  component: lazyRouteComponent(() => import('../features/models/components/models-page.tsx'), 'ModelsPage'),
});
const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: readPlaygroundSearch,
  component: lazyRouteComponent(
    () => import('../features/playground/components/playground-page.tsx'),
    'PlaygroundPage',
  ),
});
const improve = createRoute({
  getParentRoute: () => root,
  path: '/improve',
  component: lazyRouteComponent(
    () => import('../features/improve/components/improve-page.tsx'),
    'ImprovePage',
  ),
});
const datasets = createRoute({
  getParentRoute: () => root,
  path: '/improve/datasets',
  validateSearch: readDatasetsSearch,
  component: lazyRouteComponent(
    () => import('../features/datasets/components/datasets-page.tsx'),
    'DatasetsPage',
  ),
});
const dataset = createRoute({
  getParentRoute: () => root,
  path: '/improve/datasets/$id',
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(
    () => import('../features/datasets/components/dataset-page.tsx'),
    'DatasetPage',
  ),
});
const classifiers = createRoute({
  getParentRoute: () => root,
  path: '/improve/classifiers',
  validateSearch: readClassifiersSearch,
  component: lazyRouteComponent(
    () => import('../features/classifiers/components/classifiers-page.tsx'),
    'ClassifiersPage',
  ),
});
const classifier = createRoute({
  getParentRoute: () => root,
  path: '/improve/classifiers/$name',
  component: lazyRouteComponent(
    () => import('../features/classifiers/components/classifier-page.tsx'),
    'ClassifierPage',
  ),
});
const prompts = createRoute({
  getParentRoute: () => root,
  path: '/improve/prompts',
  validateSearch: readPromptsSearch,
  component: lazyRouteComponent(
    () => import('../features/prompts/components/prompts-page.tsx'),
    'PromptsPage',
  ),
});
const prompt = createRoute({
  getParentRoute: () => root,
  path: '/improve/prompts/$name',
  validateSearch: readPromptSearch,
  component: PromptRoute,
});
const training = createRoute({
  getParentRoute: () => root,
  path: '/improve/training',
  component: lazyRouteComponent(
    () => import('../features/training/components/training-page.tsx'),
    'TrainingPage',
  ),
});
const trainingNew = createRoute({
  getParentRoute: () => root,
  path: '/improve/training/new',
  validateSearch: readNewTrainingSearch,
  component: lazyRouteComponent(
    () => import('../features/training/components/new-training-page.tsx'),
    'NewTrainingPage',
  ),
});
const trainingRun = createRoute({
  getParentRoute: () => root,
  path: '/improve/training/$id',
  component: TrainingRunRoute,
});
const evaluations = createRoute({
  getParentRoute: () => root,
  path: '/improve/evaluations',
  component: lazyRouteComponent(
    () => import('../features/evaluations/components/evaluations-page.tsx'),
    'EvaluationsPage',
  ),
});
const evaluationNew = createRoute({
  getParentRoute: () => root,
  path: '/improve/evaluations/new',
  validateSearch: readNewEvaluationSearch,
  component: lazyRouteComponent(
    () => import('../features/evaluations/components/new-evaluation-page.tsx'),
    'NewEvaluationPage',
  ),
});
const evaluation = createRoute({
  getParentRoute: () => root,
  path: '/improve/evaluations/$id',
  validateSearch: readEvaluationSearch,
  component: EvaluationRoute,
});
const monitor = createRoute({
  getParentRoute: () => root,
  path: '/monitor',
  validateSearch: readMonitorSearch,
  component: lazyRouteComponent(
    () => import('../features/monitor/components/monitor-page.tsx'),
    'MonitorPage',
  ),
});
const trace = createRoute({
  getParentRoute: () => root,
  path: '/monitor/$traceId',
  validateSearch: readTraceViewSearch,
  component: TraceRoute,
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import('./settings-route.tsx'), 'SettingsRoute'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    chat.addChildren([chatNew, conversation]),
    knowledge,
    collection,
    document,
    apps,
    app,
    agents,
    agent,
    agentRun,
    models,
    playground,
    improve,
    prompts,
    prompt,
    datasets,
    dataset,
    classifiers,
    classifier,
    training,
    trainingNew,
    trainingRun,
    evaluations,
    evaluationNew,
    evaluation,
    monitor,
    trace,
    settings,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: CrashedPage,
  scrollRestoration: true,
  scrollToTopSelectors: ['#content'],
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
