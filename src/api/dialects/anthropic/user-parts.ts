// What a person's turn holds beside text: images, documents, results of a search.
import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from '@ai-sdk/provider';
import { AtelierError } from '../../../contracts/errors.ts';
import type { UserBlock } from './schema.ts';

type ImageSource = Extract<UserBlock, { type: 'image' }>['source'];
type DocumentBlock = Extract<UserBlock, { type: 'document' }>;
type SearchResult = Extract<UserBlock, { type: 'search_result' }>;

function invalid(param: string, message: string): AtelierError {
  return new AtelierError('invalid_request', `${param}: ${message}`, { data: { param } });
}

function urlPart(url: string, mediaType: string, at: string): LanguageModelV4FilePart {
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw invalid(`${at}.source.url`, 'expected an http(s) address.');
  return { type: 'file', mediaType, data: { type: 'url', url: new URL(url) } };
}

function noFiles(fileId: string, at: string): AtelierError {
  return invalid(
    `${at}.source.file_id`,
    `files of this wire are not kept here (${JSON.stringify(fileId)}); send the content as base64.`,
  );
}

export function imagePart(source: ImageSource, at: string): LanguageModelV4FilePart {
  switch (source.type) {
    case 'base64':
      return { type: 'file', mediaType: source.media_type, data: { type: 'data', data: source.data } };
    case 'url':
      return urlPart(source.url, 'image/*', at);
    case 'file':
      throw noFiles(source.file_id, at);
  }
}

export function documentParts(
  { source, title, context }: DocumentBlock,
  at: string,
): (LanguageModelV4FilePart | LanguageModelV4TextPart)[] {
  const heading = [title, context].filter((line) => line).join('\n');
  const asText = (text: string): LanguageModelV4TextPart => ({
    type: 'text',
    text: heading === '' ? text : `${heading}\n\n${text}`,
  });
  switch (source.type) {
    case 'text':
      return [asText(source.data)];
    case 'base64':
      return [
        ...(heading === '' ? [] : [{ type: 'text' as const, text: heading }]),
        { type: 'file', mediaType: source.media_type, data: { type: 'data', data: source.data } },
      ];
    case 'url':
      return [urlPart(source.url, 'application/pdf', at)];
    case 'content':
      return typeof source.content === 'string'
        ? [asText(source.content)]
        : source.content.map((block, place) =>
            block.type === 'text'
              ? { type: 'text' as const, text: block.text }
              : imagePart(block.source, `${at}.source.content[${place}]`),
          );
    case 'file':
      throw noFiles(source.file_id, at);
  }
}

export const searchResultText = ({ title, source, content }: SearchResult): string =>
  [title, source, ...content.map(({ text }) => text)].join('\n');
