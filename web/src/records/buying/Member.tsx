import {
  DeleteOutlined,
  DislikeOutlined,
  EditOutlined,
  LikeOutlined,
  MinusCircleOutlined,
  QuestionCircleOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/catalogue'
import { useRemove } from '@/api/mutations'
import type { FieldDef, ObjectDef, RecordData } from '@/api/types'
import { asRef, optionLabel } from '@/fields/shared/values'
import { Chip } from '@/ui/Chip'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel, useLang } from '@/ui/useLabel'
import s from '../detail/detail.module.css'
import css from './buying.module.css'

/** Beside the word, for whoever does not see colours. */
const SIGNS: Record<string, ComponentType> = {
  supporter: LikeOutlined,
  neutral: MinusCircleOutlined,
  opponent: DislikeOutlined,
  unknown: QuestionCircleOutlined,
}

const readable = (field: FieldDef | undefined, value: unknown): value is string =>
  field !== undefined && field.readable !== false && typeof value === 'string' && value !== ''

interface Props {
  target: ObjectDef
  member: RecordData
  onChange(): void
}

/** One of them: who, how he stands to us, how much he counts, what he cares for. */
export function Member({ target, member, onChange }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const lang = useLang()
  const remove = useRemove(target.name)
  const { attitude, influence, concerns } = target.fields
  const contact = asRef(member.contact)
  const name = contact?.title ?? t('buying.hidden')
  const Sign = SIGNS[String(member.attitude)] ?? QuestionCircleOutlined
  return (
    <li className={css.member}>
      <div className={css.line}>
        {contact && contact.title !== null ? (
          <RecordLink object="contact" id={contact.id} className={s.rowLink}>
            {contact.title}
          </RecordLink>
        ) : (
          <span className={css.quiet}>{name}</span>
        )}
        {readable(attitude, member.attitude) && (
          <Chip color={attitude?.options?.find((o) => o.value === member.attitude)?.color}>
            <span aria-hidden className={css.sign}>
              <Sign />
            </span>
            {attitude && optionLabel(attitude, member.attitude, lang)}
          </Chip>
        )}
        {readable(influence, member.influence) && (
          <span className={css.quiet}>
            {label(influence?.label)} {influence && optionLabel(influence, member.influence, lang)}
          </span>
        )}
        <span className={css.tools}>
          {can(target, 'update') && (member._can?.includes('update') ?? true) && (
            <Button
              type="text"
              size="small"
              icon={<EditOutlined aria-hidden />}
              aria-label={t('buying.change', { name })}
              onClick={onChange}
            />
          )}
          {can(target, 'delete') && (member._can?.includes('delete') ?? true) && (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden />}
              aria-label={t('buying.remove', { name })}
              disabled={remove.isPending}
              onClick={() => remove.mutate({ id: member.id, title: name })}
            />
          )}
        </span>
      </div>
      {readable(concerns, member.concerns) && <p className={css.concerns}>{member.concerns}</p>}
    </li>
  )
}
