import { DownloadOutlined } from '@ant-design/icons'
import { Alert, App, Button, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import { type UndoResult, useImportVerb, useStartImport, useUndoImport } from '@/api/hooks'
import type { ImportInfo, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { problemText } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { ListLink } from '../data/nav'
import s from './import.module.css'

interface Props {
  object: ObjectDef
  info: ImportInfo
  onMapping(): void
  onOther(): void
}

const FIGURES = ['read', 'created', 'updated', 'unchanged', 'failed', 'created_by_lookup'] as const

/** Why the first rows were refused, often enough to see what to change, and what to do with all of them. */
function Refusals({ info }: { info: ImportInfo }) {
  const { t } = useTranslation('records')
  const shown = info.first_errors.slice(0, 5)
  const more = info.failed - shown.length
  return (
    <>
      {shown.length > 0 && (
        <ul className={s.reasons}>
          {shown.map(({ line, reason }) => (
            <li key={line}>{t('import.errorsLine', { line: formatNumber(line), reason })}</li>
          ))}
          {more > 0 && <li>{t('import.errorsMore', { count: more, shown: formatNumber(more) })}</li>}
        </ul>
      )}
      <p className={s.advice}>{t('import.errorsText')}</p>
      <Button
        size="small"
        icon={<DownloadOutlined aria-hidden />}
        href={url(`/imports/${encodeURIComponent(info.id)}/errors`)}
        download
      >
        {t('import.errorsFile')}
      </Button>
    </>
  )
}

/** Progress and outcome of a trial or a real run, with every way on from there. */
export function ImportRun({ object, info, onMapping, onOther }: Props) {
  const { t } = useTranslation('records')
  const { modal, message } = App.useApp()
  const label = useLabel()
  const cancel = useImportVerb('cancel')
  const resume = useImportVerb('resume')
  const start = useStartImport()
  const undo = useUndoImport(object.name)
  const [undone, setUndone] = useState<UndoResult | null>(null)
  const running = info.state === 'running'
  const percent = info.rows_total ? Math.floor((info.read / info.rows_total) * 100) : undefined
  const fail = (e: unknown) => void message.error(problemText(e) || t('import.failed'))
  const real = !info.dry_run
  const wrote = real && info.created + info.updated > 0

  return (
    <section className={s.section}>
      <h2 className={s.state} aria-live="polite">
        {t(`import.state.${info.dry_run ? 'trial' : 'real'}.${info.state}`)}
      </h2>
      <p className={s.quiet}>{info.file_name}</p>
      {running && (
        <Progress
          percent={percent ?? 0}
          status="active"
          showInfo={percent !== undefined}
          aria-label={t('import.progress')}
        />
      )}
      <dl className={s.figures}>
        {FIGURES.filter((k) => k !== 'created_by_lookup' || info[k] > 0).map((key) => (
          <div key={key} className={key === 'failed' && info.failed > 0 ? s.bad : undefined}>
            <dt>{t(`import.figure.${key}`)}</dt>
            <dd>
              {formatNumber(info[key])}
              {key === 'read' && info.rows_total ? (
                <span className={s.quiet}> / {formatNumber(info.rows_total)}</span>
              ) : null}
            </dd>
          </div>
        ))}
      </dl>
      {info.message && (
        <Alert type={info.state === 'failed' ? 'error' : 'info'} showIcon title={info.message} />
      )}
      {info.has_errors && (
        <Alert
          type="warning"
          showIcon
          title={t('import.errorsTitle', { count: info.failed, shown: formatNumber(info.failed) })}
          description={<Refusals info={info} />}
        />
      )}
      {undone && (
        <Alert
          type="success"
          showIcon
          title={t('import.undone', {
            removed: formatNumber(undone.removed),
            reverted: formatNumber(undone.reverted),
          })}
          description={
            undone.kept.length > 0 && (
              <>
                {t('import.kept')}
                <ul>
                  {undone.kept.map((r) => (
                    <li key={r.id}>
                      <RecordLink object={object.name} id={r.id}>
                        {r.title || t('list.untitled')}
                      </RecordLink>
                    </li>
                  ))}
                </ul>
              </>
            )
          }
        />
      )}
      <div className={s.foot}>
        {running ? (
          <Button loading={cancel.isPending} onClick={() => cancel.mutate(info.id, { onError: fail })}>
            {t('import.cancel')}
          </Button>
        ) : (
          <Button onClick={onOther}>{t('import.other')}</Button>
        )}
        <span className={s.grow} />
        {!running && info.dry_run && (
          <>
            <Button onClick={onMapping}>{t('import.backToMapping')}</Button>
            <Button
              type="primary"
              loading={start.isPending}
              onClick={() =>
                start.mutate({ id: info.id, mapping: info.mapping ?? {}, dry_run: false }, { onError: fail })
              }
            >
              {t('import.startReal')}
            </Button>
          </>
        )}
        {real && (info.state === 'interrupted' || info.state === 'cancelled' || info.state === 'failed') && (
          <Button
            type="primary"
            loading={resume.isPending}
            onClick={() => resume.mutate(info.id, { onError: fail })}
          >
            {t('import.resume')}
          </Button>
        )}
        {wrote && !running && info.state !== 'undone' && (
          <Button
            danger
            loading={undo.isPending}
            onClick={() =>
              void modal.confirm({
                title: t('import.undoTitle'),
                content: t('import.undoText', {
                  created: formatNumber(info.created),
                  updated: formatNumber(info.updated),
                }),
                okText: t('import.undo'),
                okButtonProps: { danger: true },
                cancelText: t('prompt.cancel'),
                onOk: () => undo.mutateAsync(info.id).then(setUndone).catch(fail),
              })
            }
          >
            {t('import.undo')}
          </Button>
        )}
        {real && info.state === 'done' && (
          <ListLink object={object.name} search={{ sort: '-created_at' }}>
            <Button type="primary" tabIndex={-1}>
              {t('import.look', { objects: midSentence(label(object.plural)) })}
            </Button>
          </ListLink>
        )}
      </div>
      {running && <p className={s.quiet}>{t('import.background')}</p>}
    </section>
  )
}
