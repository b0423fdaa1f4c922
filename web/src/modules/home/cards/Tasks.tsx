import { CheckCircleOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useAct } from '@/api/mutations'
import { useRecords } from '@/api/records'
import type { ObjectDef, Task } from '@/api/types'
import { useCreateRecord } from '@/ui/create'
import { Card } from '@/ui/Page'
import { RecordLink } from '@/ui/RecordLink'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { isPast } from '@/ui/time'
import { RelativeTime } from '@/ui/values'
import { has, type Scope, tasksDue } from './filters'
import css from './home.module.css'

function Row({ object, task, title, scope }: { object: ObjectDef; task: Task; title: string; scope: Scope }) {
  const { t } = useTranslation('home')
  const act = useAct('task')
  // Ticked stays ticked until the list without it is here.
  const [done, setDone] = useState(false)
  return (
    <li className={css.row}>
      <Checkbox
        checked={done}
        disabled={!can(object, 'update') || act.isPending}
        aria-label={t('task.complete', { title })}
        onChange={() => {
          setDone(true)
          act.mutate({ id: task.id, action: 'complete' }, { onError: () => setDone(false) })
        }}
      />
      <span className={`${css.rowMain} ${done ? css.done : ''}`}>
        <RecordLink object="task" id={task.id} className={css.rowTitle}>
          {title}
        </RecordLink>
        <span className={css.rowSub}>
          {[task.customer?.title, scope === 'all' ? task.owner?.title : null].filter(Boolean).join(' · ')}
        </span>
      </span>
      {task.due_at && (
        <RelativeTime
          value={task.due_at}
          className={`${css.rowTail} ${isPast(task.due_at) ? css.late : ''}`}
        />
      )}
    </li>
  )
}

export function TaskList({ scope }: { scope: Scope }) {
  const { t } = useTranslation('home')
  const { objects } = useCatalogue()
  const object = objects.task
  const create = useCreateRecord()
  const filter = tasksDue(scope)
  const there = has(object, 'status', 'due_at')
  const list = useRecords('task', { filter, sort: 'due_at', limit: 8, count: true }, { enabled: there })
  if (!there) return null
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  const add = can(object, 'create') && <Button onClick={() => create('task')}>{t('task.add')}</Button>
  return (
    <Card
      title={t(scope === 'mine' ? 'task.title' : 'task.titleAll')}
      flush
      extra={
        total > 0 && (
          <Link to="/o/$object" params={{ object: 'task' }} search={{ filter, sort: 'due_at' }}>
            {t('all', { count: total })}
          </Link>
        )
      }
    >
      {list.isPending && (
        <div className={css.pad}>
          <TextSkeleton lines={5} />
        </div>
      )}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} compact />}
      {list.data && items.length === 0 && (
        <EmptyState
          icon={<CheckCircleOutlined aria-hidden />}
          compact
          title={t('task.none')}
          text={t('task.noneText')}
          actions={add}
        />
      )}
      {items.length > 0 && (
        <ul className={css.rows}>
          {items.map((task) => (
            <Row
              key={task.id}
              object={object}
              task={task}
              title={String(task[object.title] ?? '')}
              scope={scope}
            />
          ))}
        </ul>
      )}
    </Card>
  )
}
