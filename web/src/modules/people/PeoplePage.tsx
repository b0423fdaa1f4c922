import { TeamOutlined } from '@ant-design/icons'
import { Alert, Button, Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import { type Circle, MOST_PEOPLE, useCircles, usePeople } from '@/api/people'
import { usePreference } from '@/api/session'
import type { RecordData } from '@/api/types'
import { useNarrow } from '@/records/parts/useNarrow'
import { formatNumber } from '@/ui/number'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState } from '@/ui/states'
import { type Sort, type SortKey, sorted } from './figures'
import { PeopleTable } from './PeopleTable'
import { PersonDrawer } from './PersonDrawer'
import css from './people.module.css'
import { useFigures } from './useFigures'

const nobody: RecordData[] = []

/** Whom the viewer leads, and how each of them stands: who talks to customers, what is late, what is open and won. */
export function PeoplePage() {
  const { t } = useTranslation('people')
  const narrow = useNarrow()
  const known = useObject('customer') !== undefined
  const circles = useCircles()
  const [kept, setCircle] = usePreference<Circle>('people_circle', 'mine')
  const [sort, setSort] = usePreference<Sort>('people_sort', { key: 'name', down: false })
  const circle = circles?.includes(kept) ? kept : circles?.[0]
  const list = usePeople(known ? circle : undefined)
  const people = list.data?.items ?? nobody
  const data = useFigures(people)
  const [open, setOpen] = useState<RecordData>()
  const { figures } = data
  const shown = useMemo(() => sorted(people, figures, sort), [people, figures, sort])

  const keys: SortKey[] = ['name', ...data.questions.map((q) => q.key)]
  return (
    <Page
      title={t('title')}
      text={list.data && people.length > 0 ? t('count', { count: people.length }) : ''}
      actions={
        circles &&
        circles.length > 1 && (
          <Segmented<Circle>
            aria-label={t('circle.label')}
            value={circle}
            onChange={setCircle}
            options={circles.map((c) => ({ value: c, label: t(`circle.${c}`) }))}
          />
        )
      }
    >
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !known || circles?.length === 0 ? (
        <EmptyState icon={<TeamOutlined aria-hidden />} title={t('nobody')} text={t('nobodyText')} />
      ) : !list.data ? (
        <ListSkeleton rows={8} columns={7} />
      ) : people.length === 0 ? (
        <EmptyState icon={<TeamOutlined aria-hidden />} title={t('none')} text={t('noneText')} />
      ) : (
        <>
          {data.failed && (
            <Alert
              type="warning"
              showIcon
              className={css.alert}
              title={t('failed')}
              action={
                <Button size="small" onClick={data.retry}>
                  {t('retry')}
                </Button>
              }
            />
          )}
          {narrow && (
            <div className={css.sorting}>
              <Select<SortKey>
                aria-label={t('sortBy')}
                value={sort.key}
                onChange={(key) => setSort({ key, down: key !== 'name' })}
                options={keys.map((key) => ({
                  value: key,
                  label: key === 'name' ? t('name') : t(`figure.${key}`),
                }))}
              />
            </div>
          )}
          <PeopleTable people={shown} data={data} sort={sort} onSort={setSort} onOpen={setOpen} />
          <p className={css.noted}>
            {t('noted')}
            {list.data.more && ` ${t('tooMany', { shown: formatNumber(MOST_PEOPLE) })}`}
          </p>
        </>
      )}
      {open && <PersonDrawer person={open} data={data} onClose={() => setOpen(undefined)} />}
    </Page>
  )
}
