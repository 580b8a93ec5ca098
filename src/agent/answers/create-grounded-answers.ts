// The grounded answer: search, decide whether the documents hold an answer, then let the model read a few passages and
// write with numbered citations. Each step has a file of its own; this one says in which order. See
// ../answer-from-knowledge.ts.
import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { toAtelierError } from '../../contracts/errors.ts';
import type { SearchHit, Source } from '../../contracts/knowledge.ts';
import type { AtelierOptions, CallStatus, ModelInfo } from '../../contracts/model.ts';
import { type Notice, noticeOf } from '../../contracts/notice.ts';
import { attribute } from '../../contracts/span.ts';
import type { Log } from '../../lib/log.ts';
import type { Decider } from '../../models/decider.ts';
import type { Gateway } from '../../models/gateway.ts';
import type { CallContext } from '../../models/model-call.ts';
import type { ModelRegistry } from '../../models/registry.ts';
import type { Ledger, OpenSpan, SpanEnd } from '../../monitoring/ledger.ts';
import type { Knowledge } from '../../retrieval/knowledge.ts';
import type { Measurements } from '../../store/measurements.ts';
import type { GroundedAnswers, GroundedEvent, GroundedQuestion } from '../answer-from-knowledge.ts';
import { awaitModel } from '../await-model.ts';
import { createKnownFigures, figuresNotice } from '../figures.ts';
import { groundedPrompt } from './answer-prompt.ts';
import { type AttachedFile, type ReadFile, readFiles } from './attached-files.ts';
import { checkedStream } from './checked-stream.ts';
import { choosePassages, type Passage } from './choose-passages.ts';
import { createCitationCheck } from './citations.ts';
import { evidenceOf } from './evidence.ts';
import { houseWords } from './house-words.ts';
import { type HouseLanguage, languageOfQuestion } from './question-language.ts';
import { createReadingSpeed } from './reading-speed.ts';
import { isNear, joinedVerdict, scoreVerdict, type VerdictWeights, verdictWeights } from './verdict.ts';
import { cleanQuestion, textOfMessage, wholeByRules } from './whole-question.ts';

export interface GroundedAnswersOptions {
  knowledge: Pick<Knowledge, 'search'>;
  gateway: Gateway;
  registry: ModelRegistry;
  decider: Pick<Decider, 'weigh'>;
  measurements: Measurements;
  ledger: Ledger;
  log: Log;
  weights?: VerdictWeights;
  /** How long a person waits while a local model reads. */
  readingSeconds?: number;
}

const FOUND = 8;
/** Why a verdict below its threshold has its passages read. */
const READ_ANYWAY = 'read at the person’s word';
/** Passages that are read at most, however fast the model is. */
const MOST_READ = 8;
const LEAST_READ_TOKENS = 200;
/** Where the model's context is not stated. */
const UNKNOWN_CONTEXT = 8192;
/** Of the context, for the passages. */
const CONTEXT_SHARE = 0.6;
const MOST_READ_TOKENS = 6000;
const ANSWER_TOKENS = 512;
const TEMPERATURE = 0.1;
const REWRITE_TOKENS = 64;
/** Turns of the conversation that a leaning question is read with. */
const HISTORY_MESSAGES = 4;
/** A smaller model's yes or no was no better than chance (docs/log.md). */
const OPINION_WEIGHTS = 1e9;

export function createGroundedAnswers(options: GroundedAnswersOptions): GroundedAnswers {
  const { knowledge, gateway, registry, decider, ledger, log } = options;
  const { weights = verdictWeights, readingSeconds = 6 } = options;
  const speed = createReadingSpeed(options.measurements);

  /** What is searched: the question, made whole where it leans on what was said. */
  async function searchFor(
    question: GroundedQuestion,
    language: HouseLanguage,
    below: CallContext,
    signal: AbortSignal,
  ): Promise<{ search: string; leans: boolean }> {
    const whole = wholeByRules(question.question, question.history, language);
    if (!whole.needsModel) return whole;
    const { info } = await registry.resolve(question.model);
    if (info.place.kind === 'scripted') return whole;
    const words = houseWords[language];
    const said = question.history
      .filter(({ role }) => role === 'user' || role === 'assistant')
      .slice(-HISTORY_MESSAGES)
      .map(
        (message) => `${message.role === 'user' ? words.person : words.assistant}: ${textOfMessage(message)}`,
      );
    const text = [words.conversation, ...said, `${words.person}: ${question.question}`, words.rewrite].join(
      '\n\n',
    );
    try {
      const result = await gateway.generate(
        info.id,
        callOf([{ role: 'user', content: [{ type: 'text', text }] }], {
          temperature: 0,
          maxOutputTokens: REWRITE_TOKENS,
          signal,
        }),
        { ...below, name: 'make the question whole' },
      );
      const written = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      return { search: cleanQuestion(written) ?? whole.search, leans: true };
    } catch (thrown) {
      signal.throwIfAborted();
      log.warn('a question was searched as it stands: the model did not make it whole', {
        code: toAtelierError(thrown).code,
      });
      return whole;
    }
  }

  /**
   * Files take nearly all that the context has for reading, because the person chose them; passages take what a person
   * waits for, within what the files leave.
   */
  async function reading(
    info: ModelInfo,
    question: GroundedQuestion,
    search: string,
    leans: boolean,
  ): Promise<{ files: ReadFile[]; notices: Notice[]; passageTokens: number }> {
    const context = info.contextLength ?? UNKNOWN_CONTEXT;
    const answer = Math.min(question.parameters.maxOutputTokens ?? ANSWER_TOKENS, context / 4);
    const share = Math.max(LEAST_READ_TOKENS / 2, Math.floor((context - answer) * CONTEXT_SHARE));
    const rate = await speed.of(info);
    const wait =
      rate === null ? MOST_READ_TOKENS : Math.max(LEAST_READ_TOKENS, Math.round(rate * readingSeconds));
    const given = filesFor(question, leans);
    if (given.length === 0)
      return { files: [], notices: [], passageTokens: Math.min(share, wait, MOST_READ_TOKENS) };
    const left = Math.min(LEAST_READ_TOKENS, Math.floor(share / 2));
    const { files, tokens, notices } = readFiles(search, given, share - left);
    return { files, notices, passageTokens: Math.min(share - tokens, wait, MOST_READ_TOKENS) };
  }

  async function* answered(
    question: GroundedQuestion,
    below: CallContext,
    { signal, onStatus }: { signal: AbortSignal; onStatus: (status: CallStatus) => void },
  ): AsyncGenerator<GroundedEvent> {
    const before = question.history.map(textOfMessage).join(' ');
    const language = languageOfQuestion(question.question, before);
    const words = houseWords[language];
    const { search, leans } = await searchFor(question, language, below, signal);
    const found = await knowledge.search(below.identity, {
      collectionIds: question.collectionIds,
      ...(question.documentIds === undefined ? {} : { documentIds: question.documentIds }),
      query: search,
      limit: FOUND,
      source: below.source,
      ...(below.conversationId === undefined ? {} : { conversationId: below.conversationId }),
      ...(below.parent === undefined ? {} : { parent: below.parent }),
      signal,
    });
    const { hits } = found;
    for (const notice of found.notices ?? found.notes.map((message) => ({ message })))
      yield { type: 'warning', ...notice };
    const given = filesFor(question, leans).length > 0;
    yield { type: 'sources', sources: sourcesOf(hits, 0), verdict: null };

    let verdict = scoreVerdict(
      hits.length === 0 ? null : evidenceOf(search, hits),
      hits.length < FOUND ? 'few' : 'all',
      weights,
    );
    let passages: Passage[] = [];
    let files: ReadFile[] = [];
    let info: ModelInfo | null = null;
    const history = leans ? question.history.slice(-HISTORY_MESSAGES) : [];
    const anyway = question.readAnyway === true && hits.length > 0;
    if (anyway) verdict = { ...verdict, inDocuments: true, method: READ_ANYWAY };
    const prompt = (purpose: 'answer' | 'decide') =>
      groundedPrompt(
        { system: question.system, history, files, passages, question: question.question, language },
        purpose,
      );

    if (given || verdict.inDocuments || isNear(verdict, weights)) {
      ({ info } = await awaitModel(registry, question.model, false, signal, onStatus));
      const room = await reading(info, question, search, leans);
      files = room.files;
      for (const notice of room.notices) yield { type: 'warning', ...notice };
      passages = choosePassages(search, hits, { tokens: room.passageTokens, most: MOST_READ });
      const wanted = passages.length;
      passages = await fitting(info, question, passages, prompt);
      if (passages.length < wanted) {
        const left = wanted - passages.length;
        yield {
          type: 'warning',
          ...noticeOf(
            'passages_left_out',
            `${left} of ${wanted} passages were left out: the context of ${info.id} holds ${info.contextLength} tokens. Choose a model with a longer context to have them read.`,
            { left, wanted, model: info.id, contextLength: info.contextLength ?? 0 },
          ),
        };
      }
      if (!given && !anyway && isNear(verdict, weights) && hasOpinion(info)) {
        const yes = await decider.weigh(
          { model: info.id, prompt: prompt('decide'), choices: [words.yes, words.no] },
          { ...below, name: 'do the passages answer' },
          signal,
        );
        if (yes?.[0] !== undefined) verdict = joinedVerdict(verdict, yes[0], weights);
      }
    }
    if (info === null || !(given || verdict.inDocuments)) {
      yield { type: 'sources', sources: sourcesOf(hits, 0), verdict };
      yield { type: 'abstained', text: notInDocuments(hits, language) };
      return;
    }

    // A file may hold the answer where the documents do not: then nothing is said of them.
    const told = given && !verdict.inDocuments ? null : verdict;
    yield { type: 'sources', sources: sourcesOf(hits, passages.length), verdict: told };
    const check = createCitationCheck(passages.map(({ text }) => text));
    const answer = await gateway.stream(
      question.model,
      callOf(prompt('answer'), {
        ...question.parameters,
        temperature: question.parameters.temperature ?? TEMPERATURE,
        maxOutputTokens: question.parameters.maxOutputTokens ?? ANSWER_TOKENS,
        signal,
        onStatus,
      }),
      below,
    );
    const { stream, over } = checkedStream(answer, check);
    yield { type: 'stream', stream };
    const { text, readTokens, readMs } = await over;
    await speed.saw(info, readTokens, readMs);
    const removed = check.removed();
    if (removed.length > 0) {
      yield {
        type: 'warning',
        ...noticeOf(
          'citation_removed',
          `The model cited ${removed.join(', ')}, which is no passage that it was given; ${removed.length === 1 ? 'that mark was' : 'those marks were'} taken out.`,
          { marks: removed.join(', '), count: removed.length },
        ),
      };
    }
    const figures = createKnownFigures();
    for (const told of prompt('answer')) figures.add(textOfMessage(told));
    const unknown = figures.unknownIn(text);
    if (unknown.length > 0) yield { type: 'warning', ...figuresNotice(unknown) };
  }

  /** The passages that fit beside everything else; at least one where there is no file, whose overflow the model's own call tells. */
  async function fitting(
    info: ModelInfo,
    question: GroundedQuestion,
    passages: Passage[],
    prompt: (purpose: 'answer') => LanguageModelV4Prompt,
  ): Promise<Passage[]> {
    const { contextLength } = info;
    const least = filesFor(question, true).length > 0 ? 0 : 1;
    if (contextLength === null || passages.length <= least) return passages;
    const answer = Math.min(
      question.parameters.maxOutputTokens ?? ANSWER_TOKENS,
      Math.floor(contextLength / 4),
    );
    const whole = prompt('answer');
    const bytes = whole.reduce((sum, message) => sum + Buffer.byteLength(textOfMessage(message)) + 32, 64);
    // A token is at least a byte: what fits by that needs no count.
    if (bytes + answer <= contextLength) return passages;
    const counted = (await gateway.countTokens(info.id, callOf(whole, {}))) ?? Math.ceil(bytes / 3);
    let kept = passages;
    let total = counted + answer;
    while (kept.length > least && total > contextLength) {
      total -= Math.floor((counted * Buffer.byteLength(kept.at(-1)?.text ?? '')) / bytes);
      kept = kept.slice(0, -1);
    }
    return kept;
  }

  return {
    async reading(question) {
      const { info } = await registry.resolve(question.model);
      const language = languageOfQuestion(question.question, question.history.map(textOfMessage).join(' '));
      const { search, leans } = wholeByRules(question.question, question.history, language);
      const { files, passageTokens } = await reading(info, question, search, leans);
      const history = leans ? question.history.slice(-HISTORY_MESSAGES) : [];
      const { system, question: asked } = question;
      return {
        prompt: groundedPrompt({ system, history, files, passages: [], question: asked, language }, 'answer'),
        passageTokens,
      };
    },
    async *answer(question, context, call) {
      // Below a span of the caller's, who tells there what came of it; else under a root of its own.
      const span = context.parent === undefined ? openRoot(ledger, question, context) : null;
      const below =
        span === null ? context : { ...context, parent: { traceId: span.traceId, spanId: span.spanId } };
      let end: SpanEnd = { status: 'cancelled' };
      try {
        for await (const event of answered(question, below, call)) {
          if (event.type === 'sources' && event.verdict !== null)
            span?.setAttributes({
              'atelier.grounding.verdict': event.verdict,
              'atelier.grounding.read': event.sources.filter(({ read }) => read).length,
            });
          yield event;
        }
        end = { status: 'ok' };
      } catch (thrown) {
        const error = toAtelierError(thrown);
        end = { status: error.code === 'cancelled' ? 'cancelled' : 'error', error: error.toJSON() };
        throw thrown;
      } finally {
        span?.end(end);
      }
    },
  };
}

/** Files of earlier messages are read as the conversation is: when the question leans on it. */
const filesFor = ({ files = [] }: GroundedQuestion, leans: boolean): readonly AttachedFile[] =>
  files.filter((file) => (leans || !file.earlier) && file.text.trim() !== '');

const openRoot = (ledger: Ledger, question: GroundedQuestion, context: CallContext): OpenSpan =>
  ledger.startSpan({
    name: 'answer from knowledge',
    kind: 'run',
    userId: context.identity.userId,
    conversationId: context.conversationId ?? null,
    source: context.source,
    attributes: { [attribute.requestModel]: question.model },
    input: question.question,
  });

const hasOpinion = ({ place, parameters }: ModelInfo): boolean =>
  place.kind !== 'scripted' && (parameters === null || parameters >= OPINION_WEIGHTS);

function sourcesOf(hits: readonly SearchHit[], read: number): Source[] {
  return hits.map((hit, index) => ({ ...hit, number: index + 1, read: index < read }));
}

function notInDocuments(hits: readonly SearchHit[], language: HouseLanguage): string {
  const words = houseWords[language];
  const titles = [...new Set(hits.map(({ title }) => title.trim()).filter((title) => title !== ''))].slice(
    0,
    2,
  );
  return titles.length === 0 ? words.notInDocuments : `${words.notInDocuments} ${words.nearest(titles)}`;
}

type CallSettings = GroundedQuestion['parameters'] & {
  signal?: AbortSignal;
  onStatus?: (status: CallStatus) => void;
};

function callOf(prompt: LanguageModelV4Prompt, settings: CallSettings): LanguageModelV4CallOptions {
  const { minP, repeatPenalty, signal, onStatus, ...own } = settings;
  const atelier: AtelierOptions = {
    ...(minP === undefined ? {} : { minP }),
    ...(repeatPenalty === undefined ? {} : { repeatPenalty }),
    ...(onStatus === undefined ? {} : { onStatus }),
  };
  return {
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    prompt,
    ...(signal === undefined ? {} : { abortSignal: signal }),
    // `onStatus` is a function, which the AI SDK's JSON type does not know; it never leaves the process.
    providerOptions: { atelier: atelier as Record<string, never> },
  };
}
