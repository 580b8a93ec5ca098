// The apps that come with Atelier, in the order of the gallery.
import type { AppDefinition } from './apps.ts';
import type { BuiltinParts } from './builtin-parts.ts';
import { chatbotApp } from './chatbot/chatbot-app.ts';
import { coderApp } from './coder/coder-app.ts';
import { extractApp } from './extract/extract-app.ts';
import { guidelinesApp } from './guidelines/guidelines-app.ts';
import { sentimentApp } from './sentiment/sentiment-app.ts';
import { summariseApp } from './summarise/summarise-app.ts';
import { translateApp } from './translate/translate-app.ts';
import { writerApp } from './writer/writer-app.ts';

export const builtinApps = (parts: BuiltinParts): AppDefinition[] => [
  chatbotApp(parts),
  writerApp(parts),
  coderApp(parts),
  sentimentApp(parts),
  summariseApp(parts),
  translateApp(parts),
  extractApp(parts),
  guidelinesApp(parts),
];
