import { CheckCircleOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue } from '@/api/catalogue'
import { useAct } from '@/api/mutations'
import { useRecords } from '@/api/records'
import type { ObjectDef, Task } from '@/api/types'
import { useCreateRecord } from '@/ui/create'
import { RecordLink } from '@/ui/RecordLink'
import { isPast } from '@/ui/time'
import { RelativeTime } from '@/ui/values'
import { AllLink } from '../AllLink'
import type { CardDef, CardProps } from '../card'
import { DeskCard } from '../DeskCard'
import { has, type Scope, tasksDue } from '../filters'
import css from '../home.module.css'
import { Nothing } from '../Nothing'
import { useLines } from '../useLines'

function Row({ object, task, title, scope }: { object: ObjectDef; task: Task; title: string; scope: Scope }) {
  const { t } = useTranslation('home')
  const act = useAct('task')
  // Ticked stays ticked until the list without it is here.
  const [done, setDone] = useState(false)
  const sub = [task.customer?.title, scope !== 'mine' ? task.owner?.title : null].filter(Boolean).join(' · ')
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
        {sub && <span className={css.rowSub}>{sub}</span>}
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

/** What is to be done by tonight, the overdue first. */
function Tasks({ scope, seen }: CardProps) {
  const lines = useLines()
  const { t } = useTranslation('home')
  const object = useCatalogue().objects.task
  const create = useCreateRecord()
  const filter = tasksDue(scope)
  const sort = 'due_at'
  const list = useRecords('task', { filter, sort, limit: lines, count: true }, { enabled: seen })
  const items = list.data?.pages[0]?.items ?? []
  const total = list.data?.pages[0]?.total ?? items.length
  return (
    <DeskCard
      title={t(scope === 'mine' ? 'task.title' : 'task.titleAll')}
      extra={<AllLink object="task" search={{ filter, sort }} count={total} />}
      asked={list}
      empty={
        items.length === 0 && (
          <Nothing
            icon={<CheckCircleOutlined aria-hidden />}
            title={t('task.none')}
            text={t('task.noneText')}
            actions={can(object, 'create') && <Button onClick={() => create('task')}>{t('task.add')}</Button>}
          />
        )
      }
    >
      <ul className={css.rows}>
        {object &&
          items.map((task) => (
            <Row
              key={task.id}
              object={object}
              task={task}
              title={String(task[object.title] ?? '')}
              scope={scope}
            />
          ))}
      </ul>
    </DeskCard>
  )
}

export const tasks: CardDef = {
  id: 'tasks',
  icon: 'check-square',
  width: 'narrow',
  fits: ({ objects }) => has(objects.task, 'owner', 'status', 'due_at'),
  View: Tasks,
}
