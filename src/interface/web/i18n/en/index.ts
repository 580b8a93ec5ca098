// Every word of the page in English, one file a feature.
import agents from './agents.json';
import apps from './apps.json';
import chat from './chat.json';
import common from './common.json';
import errors from './errors.json';
import form from './form.json';
import home from './home.json';
import knowledge from './knowledge.json';
import models from './models.json';
import monitor from './monitor.json';
import palette from './palette.json';
import run from './run.json';
import settings from './settings.json';
import shell from './shell.json';
import tasks from './tasks.json';

export const en = {
  agents,
  apps,
  chat,
  common,
  errors,
  form,
  home,
  knowledge,
  models,
  monitor,
  palette,
  run,
  settings,
  shell,
  tasks,
};
