// Files on their way: how many are kept already, what was left out, and what stopped them.
import X from 'lucide-react/icons/x';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/ui/button.tsx';
import { ErrorState } from '../../../components/ui/error-state.tsx';
import { IconButton } from '../../../components/ui/icon-button.tsx';
import { Progress } from '../../../components/ui/progress.tsx';
import { useFormat } from '../../../lib/format.ts';
import { dismissUpload, type Upload, useUploads } from '../../../lib/knowledge/uploads.ts';

export function UploadNotices({ collectionId }: { collectionId: string }) {
  return useUploads(collectionId).map((upload) => <Notice key={upload.id} upload={upload} />);
}

function Notice({ upload }: { upload: Upload }) {
  const { t } = useTranslation(['knowledge', 'common']);
  const format = useFormat();
  if (upload.state === 'failed')
    return (
      <ErrorState
        error={upload.error}
        onRetry={upload.again}
        actions={
          <Button size="small" look="quiet" onClick={() => dismissUpload(upload.id)}>
            {t('common:close')}
          </Button>
        }
      />
    );
  const sending = upload.state === 'sending';
  const line = sending
    ? t('upload.sending', { done: format.whole(upload.sentFiles), total: format.whole(upload.files) })
    : upload.state === 'cancelled'
      ? t('upload.cancelled', { done: format.whole(upload.sentFiles), total: format.whole(upload.files) })
      : t('upload.done', { count: upload.files, n: format.whole(upload.files) });
  const notes = [
    upload.unchanged > 0
      ? t('upload.unchanged', { count: upload.unchanged, n: format.whole(upload.unchanged) })
      : null,
    upload.leftOut > 0
      ? t('upload.left_out', { count: upload.leftOut, n: format.whole(upload.leftOut) })
      : null,
  ].filter((note) => note !== null);
  return (
    <div
      role="status"
      className="flex items-center gap-3 rounded-md border border-line bg-raised py-2 pr-2 pl-4"
    >
      <div className="flex min-w-0 grow flex-col gap-1">
        <p className="text-sm">{[line, ...notes].join(' ')}</p>
        {sending ? (
          <Progress value={upload.bytes > 0 ? upload.sentBytes / upload.bytes : null} label={line} />
        ) : null}
      </div>
      <IconButton
        label={t(sending ? 'common:cancel' : 'common:close')}
        icon={<X />}
        size="small"
        onClick={() => (sending ? upload.cancel() : dismissUpload(upload.id))}
      />
    </div>
  );
}
