// GET P/input_schema and P/output_schema.
import type { Served } from '../../../apps/served/served.ts';
import { wireSchema } from './wire-output.ts';

type JsonSchema = Record<string, unknown>;

const message: JsonSchema = {
  title: 'Message',
  type: 'object',
  properties: {
    type: { type: 'string', enum: ['human', 'ai', 'system', 'tool'] },
    content: { anyOf: [{ type: 'string' }, { type: 'array', items: {} }] },
    tool_call_id: { type: 'string' },
    tool_calls: { type: 'array', items: { type: 'object' } },
  },
  required: ['type', 'content'],
};
const messages: JsonSchema = { type: 'array', items: message };

const agentInput: JsonSchema = {
  anyOf: [
    { type: 'string', title: 'Text' },
    { type: 'object', title: 'Input', properties: { input: { type: 'string' } }, required: ['input'] },
    { type: 'object', title: 'Messages', properties: { messages }, required: ['messages'] },
    { ...messages, title: 'Message list' },
  ],
};

const aiMessage: JsonSchema = {
  type: 'object',
  properties: {
    type: { type: 'string', const: 'ai' },
    content: { type: 'string' },
    name: { type: 'string' },
    id: { type: 'string' },
    additional_kwargs: { type: 'object' },
    response_metadata: { type: 'object' },
    tool_calls: { type: 'array', items: { type: 'object' } },
    usage_metadata: { type: ['object', 'null'] },
  },
  required: ['type', 'content'],
};

export function inputSchema(served: Served): JsonSchema {
  return { title: `${served.name}_input`, ...(served.inputSchema ?? agentInput) };
}

export function outputSchema(served: Served): JsonSchema {
  const title = `${served.name}_output`;
  if (served.outputSchema !== null) return { title, ...(wireSchema(served.outputSchema) as JsonSchema) };
  return { title, ...(served.kind === 'agent' ? aiMessage : { type: 'string' }) };
}
