// What the model reads at a step: who it is, what it may call, what was said, done and found, and the plan as it stands.
// Native: the AI SDK's tool messages. Constrained: each step is a JSON choice, and results come as the person's turns,
// because many small models have no place for tools in their template.
import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import type { PlanItem } from '../../contracts/agent.ts';
import type { ToolDefinition } from '../../contracts/tool.ts';
import { resultText, toModelOutput } from '../../tools/tool-result.ts';
import { languageOfQuestion } from '../answers/question-language.ts';
import { SEARCH_KNOWLEDGE } from '../knowledge-tool.ts';
import { figuresReminder, isSentBack } from './check-figures.ts';
import type { CallRecord, StepRecord } from './run-state.ts';

export interface PromptParts {
  instructions: string;
  tools: readonly ToolDefinition[];
  /** The conversation, the person's message last. */
  prompt: LanguageModelV4Prompt;
  steps: readonly StepRecord[];
  plan: readonly PlanItem[] | null;
  /** Of the final answer; null: text. */
  outputSchema: Record<string, unknown> | null;
  /** Why the final answers so far did not do; a sentence for each step that it concerns. */
  corrections: ReadonlyMap<number, string>;
  /** Text of a call's result as the model is given it now; undefined: the whole. */
  shortened: ReadonlyMap<string, string>;
}

type Schema = Record<string, unknown>;

const text = (value: string) => ({ type: 'text' as const, text: value });
const user = (value: string): LanguageModelV4Message => ({ role: 'user', content: [text(value)] });
const assistant = (value: string): LanguageModelV4Message => ({ role: 'assistant', content: [text(value)] });

export function nativePrompt(parts: PromptParts): LanguageModelV4Prompt {
  const { steps, plan, shortened, corrections } = parts;
  const system = [parts.instructions, schemaText(parts.outputSchema), planText(plan)]
    .filter((part) => part !== '')
    .join('\n\n');
  const messages: LanguageModelV4Prompt = system === '' ? [] : [{ role: 'system', content: system }];
  messages.push(...parts.prompt);
  for (const step of steps) {
    if (step.text === '' && step.calls.length === 0) continue;
    messages.push({
      role: 'assistant',
      content: [
        ...(step.text === '' ? [] : [text(step.text)]),
        ...step.calls.map(({ toolCallId, toolName, input }) => ({
          type: 'tool-call' as const,
          toolCallId,
          toolName,
          input,
        })),
      ],
    });
    const results = step.calls.flatMap((call) => {
      if (call.result === null) return [];
      const short = shortened.get(call.toolCallId);
      const output =
        short === undefined ? toModelOutput(call.result) : { type: 'text' as const, value: short };
      const { toolCallId, toolName } = call;
      return [{ type: 'tool-result' as const, toolCallId, toolName, output }];
    });
    if (results.length > 0) messages.push({ role: 'tool', content: results });
    const correction = corrections.get(step.number);
    if (correction !== undefined) messages.push(user(correction));
  }
  return messages;
}

export function constrainedPrompt(parts: PromptParts): LanguageModelV4Prompt {
  const { steps, plan, shortened, corrections } = parts;
  const messages: LanguageModelV4Prompt = [{ role: 'system', content: constrainedSystem(parts) }];
  for (const message of parts.prompt) {
    if (message.role === 'user') messages.push(message);
    else if (message.role === 'assistant') {
      const said = message.content.map((part) => ('text' in part ? part.text : '')).join('');
      if (said !== '') messages.push(assistant(JSON.stringify({ answer: said })));
    }
  }
  const question = lastQuestion(parts.prompt);
  for (const step of steps) {
    for (const call of step.calls) {
      if (isSentBack(call)) continue;
      messages.push(assistant(JSON.stringify({ tool: call.toolName, input: call.input })));
      messages.push(user(resultTurn(call, shortened.get(call.toolCallId))));
    }
    const correction = corrections.get(step.number);
    if (step.calls.length > 0 || correction === undefined) continue;
    messages.push(assistant(`{"answer": ${step.text}}`), user(correction));
  }
  const last = messages.at(-1);
  const reminder = [
    planText(plan),
    steps.length === 0 ? '' : goOn(question, parts),
    figuresReminder(steps),
  ].filter((part) => part !== '');
  if (last?.role === 'user' && reminder.length > 0)
    messages[messages.length - 1] = {
      role: 'user',
      content: [...last.content, text(`\n\n${reminder.join('\n\n')}`)],
    };
  return messages;
}

/** The mark of a turn that a tool wrote; scripted models know it too. */
export const RESULT_OF = 'Result of ';

function resultTurn(call: CallRecord, short: string | undefined): string {
  const whole = call.result === null ? '' : (short ?? resultText(call.result));
  return `${RESULT_OF}${call.toolName}${call.result?.isError ? ' (it failed)' : ''}:\n${whole}`;
}

const QUESTION_CHARACTERS = 600;

function lastQuestion(prompt: LanguageModelV4Prompt): string {
  const message = prompt.findLast(({ role }) => role === 'user');
  if (message?.role !== 'user') return '';
  const said = message.content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  return said.length <= QUESTION_CHARACTERS ? said : `${said.slice(0, QUESTION_CHARACTERS)} ...`;
}

/** Named in its order, so that a small model sees what is left. */
function goOn(question: string, { steps, plan }: PromptParts): string {
  const done = steps.flatMap(({ calls }) => calls.filter(({ result }) => result?.isError === false));
  const language = languageOfQuestion(question) === 'fr' ? 'in French' : 'in the language of the task';
  const cites = done.some(({ toolName }) => toolName === SEARCH_KNOWLEDGE)
    ? ', with the number of the passage that says it, such as [1]'
    : '';
  const next = plan?.find(({ status }) => status === 'doing');
  return [
    `The task: ${question}`,
    ...(done.length === 0 ? [] : [`Done so far: ${done.map(({ toolName }) => toolName).join(', ')}.`]),
    ...(next === undefined ? [] : [`Next: ${next.text}`]),
    `If a part of the task is still to be done, call the tool for it. If all of it is done, answer now ${language}, in a full sentence${cites}.`,
  ].join('\n');
}

const schemaText = (schema: Record<string, unknown> | null): string =>
  schema === null
    ? ''
    : `When all is done, the answer is JSON and nothing else, and fits this schema: ${JSON.stringify(schema)}`;

function planText(plan: readonly PlanItem[] | null): string {
  const items = (plan ?? []).filter(({ status }) => status !== 'dropped');
  if (items.length === 0) return '';
  return `Plan:\n${items.map((item, at) => `${at + 1}. [${item.status}] ${item.text}`).join('\n')}`;
}

/** How a tool is called, in one line and its description. */
function toolLine({ name, description, inputSchema }: ToolDefinition): string {
  const schema = inputSchema.jsonSchema as Schema;
  const required = new Set(Array.isArray(schema.required) ? (schema.required as string[]) : []);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const fields = properties.map(([field, property]) => {
    const said = typeof property.description === 'string' ? ` (${property.description})` : '';
    return `${JSON.stringify(field)}${required.has(field) ? '' : ' optional'}: ${typeOf(property)}${said}`;
  });
  return `- ${name}: ${description}\n  input: { ${fields.join(', ')} }`;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as Schema)}`;
  return Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'any');
}

function constrainedSystem({ instructions, tools, outputSchema }: PromptParts): string {
  return [
    instructions,
    `You work in steps. Each step is one JSON object: a tool call or the answer.
Tool call: {"tool": "name", "input": {...}}
Answer: {"answer": ${outputSchema === null ? '"text for the person"' : `JSON that fits ${JSON.stringify(outputSchema)}`}}`,
    `Tools:\n${tools.map(toolLine).join('\n')}`,
    `Rules:
- Never guess a fact, a number or a result: get it with a tool first, then use exactly what the tool says.
- Do everything that was asked, one tool call after the other. Only then answer.
- Answer in the language of the person. A greeting is answered at once.`,
    examplesFor(tools),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** First steps as a small model should take them; shown for the tools that are there. */
const examples: readonly { tool: string; message: string; input: unknown }[] = [
  {
    tool: 'search_knowledge',
    message: 'How long is the guarantee?',
    input: { query: 'length of the guarantee' },
  },
  {
    tool: 'search_knowledge',
    message: 'Qui est le responsable du projet ?',
    input: { query: 'responsable du projet' },
  },
  { tool: 'calculator', message: 'What is 12.5% of 640?', input: { expression: '12.5% of 640' } },
  { tool: 'calculator', message: 'Combien font 12 fois 350 ?', input: { expression: '12 * 350' } },
  {
    tool: 'write_file',
    message: 'Note "call Ana" in todo.txt.',
    input: { path: 'todo.txt', content: 'call Ana' },
  },
];

function examplesFor(tools: readonly ToolDefinition[]): string {
  const names = new Set(tools.map(({ name }) => name));
  const lines = examples
    .filter(({ tool }) => names.has(tool))
    .map(({ tool, message, input }) => `${message} -> ${JSON.stringify({ tool, input })}`);
  return lines.length === 0 ? '' : `Examples of a first step:\n${lines.join('\n')}`;
}
