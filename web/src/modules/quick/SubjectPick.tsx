import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, ObjectDef, Ref } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import type { QuickSubject } from '@/ui/quick'
import { useLabel } from '@/ui/useLabel'
import css from './quick.module.css'

interface Props {
  kinds: { link: FieldDef; object: ObjectDef }[]
  value: QuickSubject | undefined
  onChange(subject: QuickSubject | undefined): void
}

/** Whom or what the follow-up is about: found by name, pinyin or number. */
export function SubjectPick({ kinds, value, onChange }: Props) {
  const { t } = useTranslation('quick')
  const label = useLabel()
  const [name, setName] = useState(value?.object ?? kinds[0]?.object.name)
  const [ref, setRef] = useState<Ref | null>(null)
  const kind = kinds.find((k) => k.object.name === name) ?? kinds[0]
  if (!kind) return null
  const { Edit } = fieldKinds[kind.link.type]
  return (
    <div className={css.subject}>
      <Segmented
        size="small"
        value={kind.object.name}
        aria-label={t('about')}
        options={kinds.map((k) => ({ value: k.object.name, label: label(k.object.label) }))}
        onChange={(v) => {
          setName(v)
          setRef(null)
          onChange(undefined)
        }}
      />
      <div data-form-start={value === undefined || undefined}>
        <Edit
          key={kind.object.name}
          // Not narrowed by other fields: there are none yet.
          field={{ ...kind.link, where: undefined }}
          value={ref}
          autoFocus={value === undefined}
          onChange={(v) => {
            const next = v as Ref | null
            setRef(next)
            onChange(next ? { object: kind.object.name, id: next.id } : undefined)
          }}
        />
      </div>
    </div>
  )
}
