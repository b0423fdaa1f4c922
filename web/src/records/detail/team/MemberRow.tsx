import { CloseOutlined, LogoutOutlined } from '@ant-design/icons'
import { Button, Popconfirm, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useViewer } from '@/api/session'
import { type Member, usePutMember, useRemoveMember } from '@/api/team'
import type { ObjectDef } from '@/api/types'
import { Avatar } from '@/ui/Avatar'
import { Chip } from '@/ui/Chip'
import { fullTime, relativeTime } from '@/ui/time'
import { ExpirySelect } from './ExpirySelect'
import { lastDayText } from './expiry'
import { LevelSelect } from './LevelSelect'
import s from './team.module.css'

interface Props {
  object: ObjectDef
  id: string
  member: Member
  manages: boolean
  onLeft(): void
}

export function MemberRow({ object, id, member, manages, onLeft }: Props) {
  const { t } = useTranslation('records')
  const me = useViewer()
  const put = usePutMember(object.name, id)
  const remove = useRemoveMember(object.name, id)
  const name = member.user.title ?? t('team.someone')
  const himself = member.user.id === me.id
  const since = t('team.since', {
    who: member.created_by?.title ?? t('history.system'),
    when: relativeTime(member.created_at),
  })
  const change = (to: Partial<Member>) =>
    put.mutate({ user: member.user, level: member.level, expires_at: member.expires_at, ...to })

  return (
    <li className={`${s.member} ${member.expired ? s.expired : ''}`}>
      <Tooltip placement="topLeft" title={<span title={fullTime(member.created_at)}>{since}</span>}>
        <span className={s.who}>
          <Avatar name={name} size={24} />
          <span className={s.name}>{name}</span>
          {member.expired && <Chip>{t('team.expired')}</Chip>}
          <span className="gx-visually-hidden">{since}</span>
        </span>
      </Tooltip>
      <span className={s.rights}>
        {manages ? (
          <>
            {!member.expired && (
              <LevelSelect
                quiet
                label={t('team.levelOf', { name })}
                value={member.level}
                onChange={(level) => change({ level })}
              />
            )}
            <ExpirySelect
              quiet
              label={t(member.expired ? 'team.renewFor' : 'team.expiryOf', { name })}
              value={member.expires_at}
              expired={member.expired}
              onChange={(expires_at) => change({ expires_at })}
            />
          </>
        ) : (
          <span className={s.said}>
            {t(`team.level.${member.level}`)}
            {member.expires_at !== null && ` · ${t('team.until', { day: lastDayText(member.expires_at) })}`}
          </span>
        )}
        {himself && !manages ? (
          <Popconfirm
            title={t('team.leaveAsk')}
            description={t('team.leaveText')}
            okText={t('team.leave')}
            cancelText={t('prompt.cancel')}
            onConfirm={() =>
              remove
                .mutateAsync({ member, leaves: true })
                .then(onLeft)
                // Told by the shell.
                .catch(() => {})
            }
          >
            <Button type="text" size="small" icon={<LogoutOutlined aria-hidden />}>
              {t('team.leave')}
            </Button>
          </Popconfirm>
        ) : (
          manages && (
            <Button
              type="text"
              size="small"
              className={s.remove}
              icon={<CloseOutlined aria-hidden />}
              loading={remove.isPending}
              aria-label={t('team.remove', { name })}
              onClick={() => remove.mutate({ member })}
            />
          )
        )}
      </span>
    </li>
  )
}
