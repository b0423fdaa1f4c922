import { CloseOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { same, useViewer } from '@/api/hooks'
import type { ObjectDef, RecordData, Ref } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import s from './detail.module.css'

const NOISE = ['updated_at', 'updated_by', 'version', '_can']

interface Note {
  who: string
  fields: string[]
}

/** Compares each version of the record on screen with the one before; the viewer's own saves are no news to him. */
export function useColleagueChange(object: ObjectDef, record: RecordData): [Note | null, () => void] {
  const viewer = useViewer()
  const seen = useRef(record)
  const [note, setNote] = useState<Note | null>(null)
  useEffect(() => {
    const before = seen.current
    seen.current = record
    if (before.id !== record.id) return setNote(null)
    if (record.version <= before.version) return
    const by = record.updated_by as Ref | null | undefined
    if (!by || by.id === viewer.id) return
    const fields = Object.keys(object.fields).filter((f) => !NOISE.includes(f) && !same(before[f], record[f]))
    if (fields.length > 0) setNote({ who: by.title ?? '', fields })
  }, [object, record, viewer.id])
  return [note, () => setNote(null)]
}

/** A quiet word that a colleague has just changed what one looks at. */
export function ColleagueNote({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const [note, close] = useColleagueChange(object, record)
  if (!note) return null
  const names = note.fields.slice(0, 4).map((f) => label(object.fields[f]?.label, f))
  return (
    <div className={s.note} role="status">
      <span>
        {t('colleague.changed', {
          who: note.who || t('colleague.someone'),
          fields: names.join(t('words.comma')) + (note.fields.length > 4 ? t('colleague.more') : ''),
        })}
      </span>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined aria-hidden />}
        aria-label={t('colleague.close')}
        onClick={close}
      />
    </div>
  )
}
