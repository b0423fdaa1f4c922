import { FileExcelOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useUploadImport } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { formatSize } from '@/ui/number'
import { problemText } from '@/ui/states'
import s from './import.module.css'

const TYPES = '.csv,.tsv,.txt,.xlsx,.gz'

export function UploadStep({ object, onUploaded }: { object: ObjectDef; onUploaded(id: string): void }) {
  const { t } = useTranslation('records')
  const upload = useUploadImport()
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const start = (next: File | undefined) => {
    if (!next || upload.isPending) return
    setFile(next)
    upload.mutate({ object: object.name, file: next }, { onSuccess: (info) => onUploaded(info.id) })
  }
  return (
    <section className={s.section}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a place to drop a file; the button does the same for the keyboard */}
      <div
        className={`${s.drop} ${over ? s.over : ''}`}
        onDragOver={(e) => {
          e.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault()
          setOver(false)
          start(e.dataTransfer.files[0])
        }}
      >
        <FileExcelOutlined className={s.dropIcon} aria-hidden />
        <p className={s.dropTitle}>
          {upload.isPending && file
            ? t('import.uploading', { name: file.name, size: formatSize(file.size) })
            : t('import.dropTitle')}
        </p>
        <p className={s.quiet}>{t('import.dropText')}</p>
        <Button type="primary" loading={upload.isPending} onClick={() => picker.current?.click()}>
          {t('import.choose')}
        </Button>
        <input
          ref={picker}
          type="file"
          accept={TYPES}
          hidden
          onChange={(e) => {
            start(e.target.files?.[0])
            e.target.value = ''
          }}
        />
      </div>
      {upload.isError && (
        <Alert
          type="error"
          showIcon
          title={
            upload.error.code === 'too_large'
              ? t('files.tooLarge')
              : problemText(upload.error) || t('import.uploadFailed')
          }
        />
      )}
    </section>
  )
}
