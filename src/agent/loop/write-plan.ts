// Asks the model for a plan before the first step. A run does not fail for want of one.
import { isAtelierError } from '../../contracts/errors.ts';
import { noticeOf } from '../../contracts/notice.ts';
import { priceOf, toUsage } from '../../models/usage.ts';
import { callOptions } from './model-step.ts';
import { planPrompt, planPromptByExample, planSchema, readPlan } from './plan.ts';
import { type StepContext, stepOptions, warn } from './step-context.ts';

const PLAN_TOKENS = 300;

export async function writePlan(context: StepContext): Promise<void> {
  const { parts, run, asked, model, mode } = context;
  const { emit, span, writer } = run;
  const toPrompt = mode === 'constrained' ? planPromptByExample : planPrompt;
  const options = await stepOptions(context, 'answer', span, 'plan', toPrompt);
  const { tools: _tools, toolChoice: _choice, ...call } = callOptions(options);
  try {
    const answer = await parts.gateway.generate(
      asked,
      {
        ...call,
        maxOutputTokens: PLAN_TOKENS,
        responseFormat: { type: 'json', name: 'plan', schema: planSchema },
      },
      { ...options.context, name: `plan ${model.id}` },
    );
    const usage = toUsage(answer.usage);
    const { id, price } = answer.model;
    emit({ type: 'run-usage', model: id, usage, cost: priceOf(usage, price).cost });
    const text = answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    // A person may have written one meanwhile.
    if (run.state.plan !== null) return;
    const items = readPlan(text);
    if (items === null)
      warn(
        run,
        noticeOf('plan_unreadable', 'The model wrote no plan that can be read; it works without one.'),
      );
    emit({ type: 'plan', items: items ?? [] });
  } catch (thrown) {
    if (writer.signal.aborted || !isAtelierError(thrown) || !thrown.retryable) throw thrown;
    warn(
      run,
      noticeOf('plan_failed', `No plan could be written (${thrown.message}); the agent works without one.`, {
        reason: thrown.message,
      }),
    );
    emit({ type: 'plan', items: [] });
  }
}
