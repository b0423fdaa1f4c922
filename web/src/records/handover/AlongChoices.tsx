import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef } from '@/api/types'
import { midSentence, useLabel } from '@/ui/useLabel'
import s from './handover.module.css'

interface Props {
  object: ObjectDef
  along: string[]
  value: string[]
  onChange(along: string[]): void
}

/** What hangs on a record and goes to whoever gets it. */
export function AlongChoices({ object, along, value, onChange }: Props) {
  const { t } = useTranslation('handover')
  const label = useLabel()
  const { objects } = useCatalogue()
  if (along.length === 0) return null
  return (
    <fieldset className={s.along}>
      <legend>{t('along.title', { object: midSentence(label(object.label)) })}</legend>
      {along.map((name) => (
        <Checkbox
          key={name}
          checked={value.includes(name)}
          // In the order of the server, whatever the order of the clicks.
          onChange={(e) =>
            onChange(along.filter((other) => (other === name ? e.target.checked : value.includes(other))))
          }
        >
          {label(objects[name]?.plural, name)}
        </Checkbox>
      ))}
    </fieldset>
  )
}
