import { useParams } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { noteOpened, useObject, useRecord } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRef } from '@/fields'
import { PageSkeleton, TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission } from '@/ui/states'
import { BuyingSection } from '../buying/BuyingSection'
import { ListLink } from '../data/nav'
import { RecordFormDrawer } from '../form/RecordFormDrawer'
import { LinksSection } from '../links/LinksSection'
import { isDocument, type Owning } from '../model/closed'
import { Belonging } from '../parts/InlineEdit'
import { Saver } from '../parts/Saver'
import { PoolBanner } from '../pool/PoolBanner'
import { StageBar } from '../stage/StageBar'
import { Attachments } from './Attachments'
import { ColleagueNote } from './ColleagueNote'
import { DetailHeader } from './DetailHeader'
import s from './detail.module.css'
import { FollowUpBox } from './FollowUpBox'
import { Highlights } from './Highlights'
import { HistoryTab } from './HistoryTab'
import { RelatedLists } from './RelatedLists'
import { Sections } from './Sections'
import { Timeline } from './Timeline'
import { TeamCard } from './team/TeamCard'

// Documents only, and the lists and pages of everything else are not to wait for them.
const DocumentLines = lazy(() => import('./lines').then((m) => ({ default: m.DocumentLines })))
const Trail = lazy(() => import('./trail').then((m) => ({ default: m.Trail })))

/** One record: who it is, what is known, what hangs on it, what happened. */
export function RecordDetailPage() {
  const { object: name = '', id = '' } = useParams({ strict: false }) as { object?: string; id?: string }
  const object = useObject(name)
  const record = useRecord(name, id, { enabled: object !== undefined })
  const { t } = useTranslation('records')
  if (!object) return <NoPermission title={t('list.unknownTitle')} text={t('list.unknownText')} />
  if (record.isError && !record.data) {
    return (
      <ErrorState
        error={record.error}
        onRetry={() => void record.refetch()}
        actions={
          <ListLink object={name}>
            <Button tabIndex={-1}>{t('detail.toList')}</Button>
          </ListLink>
        }
      />
    )
  }
  if (!record.data) return <PageSkeleton />
  return (
    <Saver object={object} key={`${name}/${id}`}>
      <Within object={object} record={record.data} />
    </Saver>
  )
}

/** A line is as open as its document. */
function Within({ object, record }: { object: ObjectDef; record: RecordData }) {
  const above = useObject(object.fields[object.parent ?? '']?.to ?? '')
  const ref = asRef(record[object.parent ?? ''])
  const closable = above !== undefined && isDocument(above)
  const document = useRecord(above?.name ?? '', ref?.id, { enabled: closable }).data
  const parent = useMemo<Owning | undefined>(
    () => (closable && above && document ? { object: above, record: document } : undefined),
    [closable, above, document],
  )
  return (
    <Belonging value={parent}>
      <Detail object={object} record={record} />
    </Belonging>
  )
}

const wideEnough = () => window.matchMedia('(min-width: 1080px)')
const useWide = () =>
  useSyncExternalStore(
    (notify) => {
      const m = wideEnough()
      m.addEventListener('change', notify)
      return () => m.removeEventListener('change', notify)
    },
    () => wideEnough().matches,
  )

function Detail({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('records')
  const wide = useWide()
  const [editing, setEditing] = useState(false)
  useEffect(() => noteOpened(object.name, record.id), [object.name, record.id])

  const hasTimeline = object.traits.includes('timeline')
  const hasFiles = object.traits.includes('attachments')
  const document = isDocument(object)
  const lines = document ? (object.layout.create?.lines ?? []) : []
  const related = (object.layout.detail?.related ?? []).filter((list) => !lines.includes(list.object))
  const facts = (
    <>
      <Sections object={object} record={record} />
      {object.traits.includes('owned') && <TeamCard object={object} record={record} />}
    </>
  )
  const relations = (
    <>
      {object.name === 'customer' && <LinksSection object={object} record={record} />}
      {object.name === 'opportunity' && <BuyingSection record={record} />}
      <RelatedLists object={object} record={record} related={related} />
    </>
  )
  const happened = useMemo(
    () => (
      <>
        <FollowUpBox object={object} record={record} />
        {hasTimeline && <Timeline object={object} id={record.id} />}
      </>
    ),
    [object, record, hasTimeline],
  )
  const side = [
    ...(hasTimeline ? [{ key: 'timeline', label: t('detail.timeline'), children: happened }] : []),
    ...(hasFiles
      ? [
          {
            key: 'files',
            label: t('detail.files'),
            children: <Attachments object={object} record={record} />,
          },
        ]
      : []),
    { key: 'history', label: t('detail.history'), children: <HistoryTab object={object} record={record} /> },
  ]
  // Of a document one wants to know what it says before what happened to it.
  const first = hasTimeline && !document ? 1 : 0
  const narrowTabs = [
    ...side.slice(0, first),
    { key: 'facts', label: t('detail.facts'), children: facts },
    ...(related.length > 0 ? [{ key: 'related', label: t('detail.related'), children: relations }] : []),
    ...side.slice(first),
  ]
  const body = document && (
    <Suspense
      fallback={
        <div className={s.waiting}>
          <TextSkeleton lines={4} />
        </div>
      }
    >
      <DocumentLines object={object} record={record} />
    </Suspense>
  )

  return (
    <article className={s.page}>
      <DetailHeader object={object} record={record} onEdit={() => setEditing(true)} />
      <ColleagueNote object={object} record={record} />
      <PoolBanner object={object} record={record} />
      <Highlights object={object} record={record} />
      <StageBar object={object} record={record} />
      {document && (
        <Suspense fallback={null}>
          <Trail object={object} record={record} />
        </Suspense>
      )}
      {document && wide ? (
        <div className={s.flow}>
          {body}
          <div className={s.below}>
            <div className={s.main}>
              {facts}
              {relations}
            </div>
            <aside className={s.side} aria-label={t('detail.timeline')}>
              <Tabs items={side} className={s.tabs} />
            </aside>
          </div>
        </div>
      ) : wide ? (
        <div className={s.columns}>
          <div className={s.main}>
            {facts}
            {relations}
          </div>
          <aside className={s.side} aria-label={t('detail.timeline')}>
            <Tabs items={side} className={s.tabs} />
          </aside>
        </div>
      ) : (
        <div className={document ? s.flow : s.single}>
          {body}
          <Tabs items={narrowTabs} className={document ? s.tabsBelow : s.tabs} />
        </div>
      )}
      <RecordFormDrawer
        object={object.name}
        id={record.id}
        open={editing}
        onClose={() => setEditing(false)}
        onSaved={() => {}}
      />
    </article>
  )
}
