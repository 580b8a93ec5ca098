// A Mermaid diagram as a picture. As an <img> it is inert: no script, no link and no request leaves it.
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../../components/ui/button.tsx';
import { diagramSource } from '../../lib/diagram-source.ts';
import { useDark } from './use-dark.ts';

const font = 'ui-sans-serif, system-ui, sans-serif';

async function draw(id: string, source: string, dark: boolean): Promise<string> {
  const { createMermaidPlugin } = await import('@streamdown/mermaid');
  const mermaid = createMermaidPlugin().getMermaid({
    startOnLoad: false,
    securityLevel: 'strict',
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    theme: dark ? 'dark' : 'neutral',
    fontFamily: font,
    suppressErrorRendering: true,
  });
  const { svg } = await mermaid.render(id, source);
  return svg;
}

type Picture = { kind: 'drawing' } | { kind: 'drawn'; address: string; width: number } | { kind: 'failed' };

function pictureOf(svg: string): Picture {
  const width = Number(
    /max-width:\s*([\d.]+)px/.exec(svg)?.[1] ?? /viewBox="[\d.-]+ [\d.-]+ ([\d.]+)/.exec(svg)?.[1],
  );
  return {
    kind: 'drawn',
    address: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`,
    width: Number.isFinite(width) ? Math.ceil(width) : 640,
  };
}

export function Diagram({ source, fallback }: { source: string; fallback: ReactNode }) {
  const { t } = useTranslation('chat');
  const id = `diagram${useId().replace(/[^\w]/g, '')}`;
  const dark = useDark();
  const [picture, setPicture] = useState<Picture>({ kind: 'drawing' });
  const [asText, setAsText] = useState(false);
  const drawable = diagramSource(source);
  const wanted = drawable.kind === 'draw' ? drawable.source : null;

  useEffect(() => {
    if (wanted === null) return;
    let current = true;
    draw(id, wanted, dark).then(
      (svg) => current && setPicture(pictureOf(svg)),
      // A diagram with an error in it is shown as the text that the model wrote.
      () => current && setPicture({ kind: 'failed' }),
    );
    return () => {
      current = false;
    };
  }, [id, wanted, dark]);

  if (wanted === null || picture.kind === 'failed')
    return (
      <div className="answer-wide">
        {fallback}
        <p className="mt-1 text-xs text-quiet">{t(wanted === null ? 'diagram.refused' : 'diagram.failed')}</p>
      </div>
    );
  if (picture.kind === 'drawing') return fallback;
  return (
    <figure className="answer-wide">
      {asText ? (
        fallback
      ) : (
        <div className="overflow-x-auto rounded-md border border-line p-4">
          <img
            src={picture.address}
            alt={t('diagram.alt', { source: wanted })}
            width={picture.width}
            className="mx-auto h-auto max-w-full"
          />
        </div>
      )}
      <figcaption className="mt-1 flex justify-end">
        <Button
          look="quiet"
          size="small"
          className="font-normal text-quiet"
          onClick={() => setAsText(!asText)}
        >
          {t(asText ? 'diagram.show' : 'diagram.source')}
        </Button>
      </figcaption>
    </figure>
  );
}
