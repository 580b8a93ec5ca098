// What the drawing of an app's result is given.
import type { ReactNode } from 'react';
import type { AppInfo } from '../../../../../../contracts/app.ts';

export type RenderText = (text: string, finished: boolean) => ReactNode;

export interface ResultProps {
  app: AppInfo;
  /** What went in. */
  input: unknown;
  /** The output, or what is known of it; undefined while only text has come. */
  output: unknown;
  /** Text that came before the output was whole. */
  text: string;
  running: boolean;
  renderText: RenderText;
}
