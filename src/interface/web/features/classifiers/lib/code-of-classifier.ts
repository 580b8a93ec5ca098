// How a program asks a classifier: texts in, decisions with their probabilities out.
import type { CodeSample } from '../../../components/code-samples.tsx';
import { python, shellQuoted, typeScript } from '../../../lib/answers/write-code.ts';

export function codeOfClassifier(model: string, input: string, origin: string): CodeSample[] {
  const order = { texts: [input] };
  const address = `${origin}/atelier/v1/${model}/classify`;
  return [
    {
      label: 'curl',
      language: 'sh',
      code: `curl ${address} \\
  -H "authorization: Bearer \${ATELIER_KEY:-any}" \\
  -H 'content-type: application/json' \\
  -d ${shellQuoted(JSON.stringify(order, null, 2))}`,
    },
    {
      label: 'TypeScript',
      language: 'TypeScript',
      code: `const response = await fetch('${address}', {
  method: 'POST',
  headers: {
    authorization: \`Bearer \${process.env.ATELIER_KEY ?? 'any'}\`,
    'content-type': 'application/json',
  },
  body: JSON.stringify(${typeScript(order, 2)}),
});
const { decisions } = await response.json();
console.log(decisions[0].value, decisions[0].probabilities);`,
    },
    {
      label: 'Python',
      language: 'Python',
      code: `import json, os, urllib.request

request = urllib.request.Request(
    "${address}",
    data=json.dumps(${python(order, 4)}).encode(),
    headers={
        "authorization": "Bearer " + os.environ.get("ATELIER_KEY", "any"),
        "content-type": "application/json",
    },
)
decision = json.load(urllib.request.urlopen(request))["decisions"][0]
print(decision["value"], decision["probabilities"])`,
    },
  ];
}
