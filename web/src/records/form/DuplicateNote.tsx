import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Duplicate, ObjectDef } from '@/api/types'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import s from './form.module.css'

interface Props {
  object: ObjectDef
  duplicates: Duplicate[]
  onSaveAnyway?(): void
}

/** Records that look the same; one the viewer may not read is named by its owner only. */
export function DuplicateNote({ object, duplicates, onSaveAnyway }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  if (duplicates.length === 0) return null
  const blocked = duplicates.some((d) => d.mode === 'block')
  return (
    <Alert
      type={blocked ? 'error' : 'warning'}
      showIcon
      title={blocked ? t('duplicates.blocked') : t('duplicates.title')}
      description={
        <ul className={s.duplicates}>
          {duplicates.slice(0, 5).map((d, i) => (
            <li key={d.id ?? `masked ${i}`}>
              {d.id && d.title ? (
                <RecordLink object={object.name} id={d.id}>
                  {d.title}
                </RecordLink>
              ) : (
                t('duplicates.masked')
              )}
              <span className={s.why}>
                {t('duplicates.same', {
                  fields: d.fields.map((f) => label(object.fields[f]?.label, f)).join(t('words.comma')),
                })}
                {d.owner?.title && ` · ${t('duplicates.owner', { owner: d.owner.title })}`}
              </span>
            </li>
          ))}
        </ul>
      }
      action={
        !blocked && onSaveAnyway ? (
          <Button size="small" onClick={onSaveAnyway}>
            {t('duplicates.saveAnyway')}
          </Button>
        ) : undefined
      }
    />
  )
}
