// "Use it from code": the same call in a few languages, each ready to be copied.
import Copy from 'lucide-react/icons/copy';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './ui/button.tsx';
import { Tabs } from './ui/tabs.tsx';
import { useCopy } from './use-copy.ts';

export interface CodeSample {
  label: string;
  language: string;
  code: string;
}

export function CodeSamples({ lead, samples }: { lead: string; samples: readonly CodeSample[] }) {
  const { t } = useTranslation('common');
  const copy = useCopy();
  const [shown, setShown] = useState('0');
  return (
    <>
      <p className="mb-3 text-sm text-quiet">{lead}</p>
      <Tabs
        label={t('from_code')}
        value={shown}
        onChange={setShown}
        tabs={samples.map(({ label, language, code }, index) => ({
          // Its number: a label may hold spaces, and an id of the page may not.
          value: String(index),
          label,
          content: (
            <figure className="overflow-hidden rounded-md border border-line bg-raised">
              <figcaption className="flex items-center justify-between gap-3 border-b border-line bg-sunken py-1 pr-1.5 pl-4 text-xs text-quiet">
                {language}
                <Button
                  size="small"
                  look="quiet"
                  icon={<Copy />}
                  aria-label={t('copy_code')}
                  onClick={() => copy(code)}
                >
                  {t('copy')}
                </Button>
              </figcaption>
              <pre className="px-4 py-3 font-mono text-xs break-words whitespace-pre-wrap">{code}</pre>
            </figure>
          ),
        }))}
      />
    </>
  );
}
