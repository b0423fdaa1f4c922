import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { uploadFile } from '@/api/mutations'
import { formatSize } from '@/ui/number'
import { problemText } from '@/ui/states'
import type { EditProps } from '../types'
import css from './shared.module.css'
import { asFile } from './values'

/** Uploads at once and holds the file's id; saving the record is what ties the two. */
export function FileEdit({
  value,
  onChange,
  disabled,
  id,
  status,
  accept,
  onCommit,
}: EditProps & { accept?: string }) {
  const { t } = useTranslation('fields')
  const input = useRef<HTMLInputElement>(null)
  const stop = useRef<AbortController>(undefined)
  const [busy, setBusy] = useState<string>()
  const [error, setError] = useState<string>()
  const file = asFile(value)
  useEffect(() => () => stop.current?.abort(), [])

  const send = async (chosen: File) => {
    const controller = new AbortController()
    stop.current = controller
    setBusy(chosen.name)
    setError(undefined)
    try {
      const answer = await uploadFile(chosen, controller.signal)
      onChange({
        id: answer.id,
        title: answer.title ?? answer.name ?? chosen.name,
        size: chosen.size,
        type: chosen.type,
      })
      onCommit?.()
    } catch (e) {
      if (!controller.signal.aborted) setError(problemText(e) || t('file.failed'))
    } finally {
      setBusy(undefined)
    }
  }

  return (
    <div>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        onChange={(e) => {
          const chosen = e.target.files?.[0]
          e.target.value = ''
          if (chosen) void send(chosen)
        }}
      />
      <div className={css.drop}>
        {busy ? (
          <>
            <span className={css.line}>{busy}</span>
            <Progress percent={100} status="active" showInfo={false} size="small" style={{ width: 80 }} />
            <Button size="small" onClick={() => stop.current?.abort()}>
              {t('file.cancel')}
            </Button>
          </>
        ) : (
          <>
            <Button
              id={id}
              icon={<UploadOutlined aria-hidden />}
              danger={status === 'error'}
              disabled={disabled}
              onClick={() => input.current?.click()}
            >
              {t(file ? 'file.replace' : 'file.upload')}
            </Button>
            {file && (
              <>
                <span className={css.line}>{file.title}</span>
                {file.size !== undefined && <span className={css.sub}>{formatSize(file.size)}</span>}
                <Button
                  type="text"
                  icon={<DeleteOutlined aria-hidden />}
                  disabled={disabled}
                  aria-label={t('file.remove')}
                  onClick={() => {
                    onChange(null)
                    onCommit?.()
                  }}
                />
              </>
            )}
          </>
        )}
      </div>
      {error && (
        <div className={css.error} role="alert">
          {error}
        </div>
      )}
    </div>
  )
}
