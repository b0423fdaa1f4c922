import { Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { type Level, usePutMember } from '@/api/team'
import type { FieldDef, ObjectDef, RecordData, Ref } from '@/api/types'
import { asRefs, kindOf } from '@/fields'
import { problemText } from '@/ui/states'
import { ExpirySelect } from './ExpirySelect'
import { LevelSelect } from './LevelSelect'
import s from './team.module.css'

interface Props {
  object: ObjectDef
  record: RecordData
  onClose(): void
}

/** Whoever can sign in can be taken in. */
const person = (label: FieldDef['label']): FieldDef => ({
  name: 'user',
  type: 'multi_lookup',
  to: 'user',
  where: { active: 'yes' },
  label,
  operators: [],
})
const yes: RecordData = { id: '', version: 0, yes: true }

/** Colleagues, what they may do, and until when. Whoever is refused stays in the box with the reason beside it. */
export function AddMembers({ object, record, onClose }: Props) {
  const { t } = useTranslation('records')
  const id = useId()
  const put = usePutMember(object.name, record.id)
  const [people, setPeople] = useState<Ref[]>([])
  const [level, setLevel] = useState<Level>('read')
  const [end, setEnd] = useState<string | null>(null)
  const [trouble, setTrouble] = useState('')
  const field = person({ zh: t('team.colleague'), en: t('team.colleague') })
  const { Edit } = kindOf(field)

  const add = async () => {
    if (people.length === 0) return setTrouble(t('team.needPerson'))
    setTrouble('')
    const refused: Ref[] = []
    let reason = ''
    for (const user of people) {
      try {
        await put.mutateAsync({ user, level, expires_at: end, quiet: true })
      } catch (e) {
        if (!isApiError(e)) throw e
        refused.push(user)
        const why = e.problem.errors?.[0]?.message ?? (problemText(e) || t('form.failed'))
        reason = people.length > 1 ? t('team.refused', { name: user.title ?? '', why }) : why
      }
    }
    if (refused.length === 0) return onClose()
    setPeople(refused)
    setTrouble(reason)
  }

  return (
    <form
      className={s.form}
      aria-label={t('team.add')}
      onSubmit={(e) => {
        e.preventDefault()
        void add()
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return
        // The page would take it for “back to the list”.
        e.stopPropagation()
        onClose()
      }}
    >
      <div className={s.people}>
        <label htmlFor={id} className="gx-visually-hidden">
          {t('team.colleague')}
        </label>
        <Edit
          id={id}
          field={field}
          record={yes}
          value={people}
          autoFocus
          status={trouble ? 'error' : undefined}
          onChange={(v) => {
            setTrouble('')
            setPeople(asRefs(v))
          }}
        />
        {trouble && (
          <span role="alert" className={s.trouble}>
            {trouble}
          </span>
        )}
      </div>
      <LevelSelect label={t('team.right')} value={level} onChange={setLevel} />
      <ExpirySelect label={t('team.expiry')} value={end} onChange={setEnd} />
      <span className={s.buttons}>
        <Button type="primary" htmlType="submit" loading={put.isPending}>
          {t('team.take')}
        </Button>
        <Button onClick={onClose}>{t('prompt.cancel')}</Button>
      </span>
    </form>
  )
}
