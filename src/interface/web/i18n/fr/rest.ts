// The French words of the doors that open later.
import access from './access.json';
import agents from './agents.json';
import apps from './apps.json';
import models from './models.json';
import monitor from './monitor.json';
import playground from './playground.json';
import prompts from './prompts.json';
import usage from './usage.json';

export const rest = { access, agents, apps, models, monitor, playground, prompts, usage };
