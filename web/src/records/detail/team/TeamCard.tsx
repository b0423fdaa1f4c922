import { PlusOutlined, TeamOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { queryClient } from '@/api/queryClient'
import { recordQuery } from '@/api/records'
import { useTeam } from '@/api/team'
import type { ObjectDef, RecordData } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useNow } from '@/ui/useNow'
import { useGo } from '../../data/nav'
import d from '../detail.module.css'
import { AddMembers } from './AddMembers'
import { MemberRow } from './MemberRow'
import s from './team.module.css'

/** Who works on this record besides its owner, with what right and until when. */
export function TeamCard({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  useNow()
  const go = useGo()
  const team = useTeam(object.name, record.id)
  const [adding, setAdding] = useState(false)
  const opener = useRef<HTMLButtonElement>(null)
  // Times pass while the page is open: the server's word of an end is as old as its answer.
  const items = (team.data?.items ?? []).map((m) => ({
    ...m,
    expired: m.expires_at !== null && Date.parse(m.expires_at) <= Date.now(),
  }))
  const here = items.filter((m) => !m.expired)
  const manages = team.data?.can_manage ?? false

  const close = () => {
    setAdding(false)
    requestAnimationFrame(() => opener.current?.focus())
  }
  /** Without the team the record may be out of sight. */
  const left = async () => {
    const query = recordQuery(object.name, record.id)
    try {
      await queryClient.fetchQuery({ ...query, staleTime: 0 })
    } catch (e) {
      if (isApiError(e) && e.status === 404) return void go.list(object.name)
    }
    void queryClient.invalidateQueries({ queryKey: query.queryKey })
  }

  return (
    <section className={d.section} aria-label={t('team.title')}>
      <div className={d.relatedHead}>
        <h2 className={d.sectionTitle}>
          <TeamOutlined aria-hidden className={d.relatedIcon} /> {t('team.title')}
          {here.length > 0 && <span className={d.count}>{formatNumber(here.length)}</span>}
        </h2>
        {items.length === 0 && team.data && <span className={s.none}>{t('team.none')}</span>}
        <span className={d.grow} />
        {manages && (
          <Button
            ref={opener}
            type="text"
            size="small"
            icon={<PlusOutlined aria-hidden />}
            aria-expanded={adding}
            onClick={() => setAdding(!adding)}
          >
            {t('team.add')}
          </Button>
        )}
      </div>
      {adding && <AddMembers object={object} record={record} onClose={close} />}
      {team.isError && !team.data ? (
        <ErrorState compact error={team.error} onRetry={() => void team.refetch()} />
      ) : team.isPending ? (
        <TextSkeleton lines={1} />
      ) : (
        items.length > 0 && (
          <ul className={s.list}>
            {[...here, ...items.filter((m) => m.expired)].map((member) => (
              <MemberRow
                key={member.user.id}
                object={object}
                id={record.id}
                member={member}
                manages={manages}
                onLeft={() => void left()}
              />
            ))}
          </ul>
        )
      )}
    </section>
  )
}
