// Reads the AI SDK's messages and tools into the shapes that chat templates know.
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
} from '@ai-sdk/provider';
import { AtelierError } from '../../contracts/errors.ts';
import type { AtelierOptions } from '../../contracts/model.ts';
import type { PromptInput, TemplateMessage, TemplateTool } from './engine-protocol.ts';

/** @throws AtelierError unsupported_content */
export function readPrompt(
  options: LanguageModelV4CallOptions,
  atelier: AtelierOptions,
  tools: LanguageModelV4FunctionTool[],
): PromptInput {
  if (atelier.promptTokens !== undefined) return { kind: 'tokens', ids: atelier.promptTokens };
  if (atelier.rawPrompt === true) {
    return { kind: 'text', text: options.prompt.flatMap((message) => textOf(message)).join('') };
  }
  const templateTools: TemplateTool[] = tools.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
  }));
  const level = options.reasoning ?? 'provider-default';
  const last = options.prompt.at(-1);
  const begun =
    atelier.continueAnswer === true && last?.role === 'assistant' ? textOf(last).join('') : undefined;
  return {
    kind: 'chat',
    messages: (begun === undefined ? options.prompt : options.prompt.slice(0, -1)).flatMap(templateMessages),
    ...(begun === undefined ? {} : { begun }),
    tools: templateTools.length === 0 ? null : templateTools,
    thinking: level === 'provider-default' ? null : level !== 'none',
  };
}

function templateMessages(message: LanguageModelV4Message): TemplateMessage[] {
  if (message.role === 'system') return [{ role: 'system', content: message.content }];
  if (message.role === 'user') return [{ role: 'user', content: textOf(message).join('') }];
  if (message.role === 'tool') {
    return message.content.flatMap((part) =>
      part.type === 'tool-result'
        ? [
            {
              role: 'tool' as const,
              content: resultText(part),
              tool_call_id: part.toolCallId,
              name: part.toolName,
            },
          ]
        : [],
    );
  }
  const reasoning = message.content
    .flatMap((part) => (part.type === 'reasoning' ? [part.text] : []))
    .join('');
  const calls = message.content.flatMap((part) =>
    part.type === 'tool-call'
      ? [
          {
            type: 'function' as const,
            id: part.toolCallId,
            function: { name: part.toolName, arguments: part.input },
          },
        ]
      : [],
  );
  return [
    {
      role: 'assistant',
      content: textOf(message).join(''),
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  ];
}

function textOf(message: LanguageModelV4Message): string[] {
  if (message.role === 'system') return [message.content];
  return message.content.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    if (part.type !== 'file') return [];
    const inline = part.data.type === 'text' ? part.data.text : null;
    if (inline !== null) return [inline];
    if (part.mediaType.startsWith('text/') && part.data.type === 'data') {
      const { data } = part.data;
      return [
        typeof data === 'string'
          ? Buffer.from(data, 'base64').toString('utf8')
          : new TextDecoder().decode(data),
      ];
    }
    throw new AtelierError(
      'unsupported_content',
      `This model reads text only; it cannot read ${part.mediaType}. Choose a model that can.`,
      {
        data: { mediaType: part.mediaType },
      },
    );
  });
}

function resultText(part: LanguageModelV4ToolResultPart): string {
  const { output } = part;
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'The person did not allow this call.';
    case 'content':
      return output.value
        .map((item) => {
          if (item.type === 'text') return item.text;
          throw new AtelierError(
            'unsupported_content',
            `This model reads text only; it cannot read the ${item.type} in the result of ${part.toolName}. Choose a model that can.`,
            { data: { type: item.type, tool: part.toolName } },
          );
        })
        .join('\n');
  }
}
