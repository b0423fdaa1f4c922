import { CloseOutlined, DeleteOutlined, PaperClipOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Popconfirm, Progress } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError, url } from '@/api/client'
import { can, useAttachments, useDetach } from '@/api/hooks'
import { keys, queryClient } from '@/api/queryClient'
import type { ObjectDef, RecordData } from '@/api/types'
import { formatSize } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import { uploadAttachment } from '../data/upload'
import s from './attachments.module.css'

interface Upload {
  key: number
  file: File
  share: number
  error?: string
  abort: AbortController
}

let counter = 0

/** Files of a record: drop them in, watch them go up, fetch or delete them. */
export function Attachments({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const files = useAttachments(object.name, record.id)
  const detach = useDetach(object.name, record.id)
  const [uploads, setUploads] = useState<Upload[]>([])
  const [over, setOver] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const mayAdd = can(object, 'update') && (record._can?.includes('update') ?? true)

  const change = (key: number, next: Partial<Upload> | null) =>
    setUploads((old) => old.flatMap((u) => (u.key !== key ? [u] : next ? [{ ...u, ...next }] : [])))
  const send = async (upload: Upload) => {
    try {
      await uploadAttachment(
        object.name,
        record.id,
        upload.file,
        (share) => change(upload.key, { share }),
        upload.abort.signal,
      )
      await queryClient.invalidateQueries({ queryKey: keys.attachments(object.name, record.id) })
      change(upload.key, null)
    } catch (e) {
      if (e instanceof DOMException) return change(upload.key, null)
      if (!isApiError(e)) throw e
      change(upload.key, {
        error: e.code === 'too_large' ? t('files.tooLarge') : problemText(e) || t('files.failed'),
      })
    }
  }
  const add = (list: FileList | null) => {
    const fresh = [...(list ?? [])].map((file) => ({
      key: ++counter,
      file,
      share: 0,
      abort: new AbortController(),
    }))
    setUploads((old) => [...fresh, ...old])
    for (const upload of fresh) void send(upload)
  }

  if (files.isError && !files.data)
    return <ErrorState compact error={files.error} onRetry={() => void files.refetch()} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the button does the same for the keyboard
    <div
      className={`${s.zone} ${over ? s.over : ''}`}
      onDragOver={(e) => {
        if (!mayAdd || !e.dataTransfer.types.includes('Files')) return
        e.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault()
        setOver(false)
        if (mayAdd) add(e.dataTransfer.files)
      }}
    >
      {mayAdd && (
        <div className={s.add}>
          <Button icon={<UploadOutlined aria-hidden />} onClick={() => picker.current?.click()}>
            {t('files.upload')}
          </Button>
          <span className={s.quiet}>{t('files.hint')}</span>
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            onChange={(e) => {
              add(e.target.files)
              e.target.value = ''
            }}
          />
        </div>
      )}
      <ul className={s.list}>
        {uploads.map((u) => (
          <li key={u.key} className={s.item}>
            <PaperClipOutlined aria-hidden />
            <div className={s.body}>
              <span className={s.name}>{u.file.name}</span>
              {u.error ? (
                <span role="alert" className={s.error}>
                  {u.error}
                </span>
              ) : (
                <Progress percent={Math.round(u.share * 100)} size="small" showInfo={false} />
              )}
            </div>
            <Button
              type="text"
              size="small"
              icon={<CloseOutlined aria-hidden />}
              aria-label={t('files.cancel', { name: u.file.name })}
              onClick={() => {
                u.abort.abort()
                change(u.key, null)
              }}
            />
          </li>
        ))}
        {files.isPending && <TextSkeleton lines={2} />}
        {files.data?.map((f) => (
          <li key={f.id} className={s.item}>
            <PaperClipOutlined aria-hidden />
            <div className={s.body}>
              <a className={s.name} href={url(`/files/${encodeURIComponent(f.id)}`)} download={f.name}>
                {f.name}
              </a>
              <span className={s.quiet}>
                {formatSize(f.size)}
                {f.created_by?.title && ` · ${f.created_by.title}`} · <RelativeTime value={f.created_at} />
              </span>
            </div>
            {mayAdd && (
              <Popconfirm
                title={t('files.deleteTitle')}
                description={t('files.deleteText')}
                okText={t('files.delete')}
                okButtonProps={{ danger: true }}
                cancelText={t('prompt.cancel')}
                onConfirm={() => detach.mutateAsync(f.id).catch(() => {})}
              >
                <Button
                  type="text"
                  size="small"
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('files.deleteNamed', { name: f.name })}
                />
              </Popconfirm>
            )}
          </li>
        ))}
      </ul>
      {files.data?.length === 0 && uploads.length === 0 && <p className={s.none}>{t('files.none')}</p>}
    </div>
  )
}
