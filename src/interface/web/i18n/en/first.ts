// The English words of what is there at once: home, the composer and what surrounds every page.
import chat from './chat.json';
import common from './common.json';
import errors from './errors.json';
import form from './form.json';
import home from './home.json';
import knowledge from './knowledge.json';
import notices from './notices.json';
import palette from './palette.json';
import run from './run.json';
import settings from './settings.json';
import shell from './shell.json';
import tasks from './tasks.json';

export const first = {
  chat,
  common,
  errors,
  form,
  home,
  knowledge,
  notices,
  palette,
  run,
  settings,
  shell,
  tasks,
};
