import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Pagination, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useObject } from '@/api/catalogue'
import { useRecord } from '@/api/records'
import { MOST_LINES, useReach, useTargetGrid } from '@/api/targetGrid'
import { type Measure, measures } from '@/api/targets'
import { formatNumber } from '@/ui/number'
import { Page } from '@/ui/Page'
import { matchesText } from '@/ui/pinyin'
import { SettledInput } from '@/ui/SettledInput'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import { PeriodPicker } from '../PeriodPicker'
import { parsePeriod, periodOf } from '../period'
import { byProduct, ProductPick } from '../Tools'
import shared from '../targets.module.css'
import { useMeasures } from '../words'
import css from './edit.module.css'
import { GridTable, nameOf } from './GridTable'
import { type Line, linesOf } from './model'
import { useGrid } from './useGrid'

export interface TargetsEditSearch {
  year?: number
  measure?: string
  product?: string
}

interface Choice {
  year: number
  measure: Measure
  product: string | undefined
}

/** More lines than this are shown in parts. */
const PART = 100
const nobody: Line[] = []

/** Where targets are set: a year and a measure at a time, month by month. */
export function EditPage() {
  const { t } = useTranslation('targets')
  const object = useObject('target')
  const navigate = useNavigate()
  const search = useSearch({ strict: false }) as TargetsEditSearch
  const choice: Choice = {
    year: parsePeriod(String(search.year ?? ''))?.year ?? periodOf('year').year,
    measure: measures.find((m) => m === search.measure) ?? 'won_amount',
    product: search.product,
  }
  const chosen = useRecord('product', choice.product)
  const may = can(object, 'create')
  const set = (change: Partial<Choice>) =>
    void navigate({ to: '/targets/edit', search: { ...choice, ...change }, replace: true })
  const options = useMeasures()
  if (!may) {
    return (
      <Page title={t('edit.title')}>
        <NoPermission text={t('edit.mayNot')} actions={<Link to="/targets">{t('edit.toProgress')}</Link>} />
      </Page>
    )
  }
  const { year, measure, product } = choice
  return (
    <div className={css.page}>
      <header className={css.top}>
        <h1>{t('edit.title')}</h1>
        <Link to="/targets" search={{ period: year, measure, product }}>
          {t('edit.toProgress')}
        </Link>
      </header>
      <div className={shared.tools}>
        <PeriodPicker
          years
          period={parsePeriod(String(year)) ?? periodOf('year')}
          onChange={(next) => set({ year: next.year })}
        />
        <Select<Measure>
          aria-label={t('measure')}
          value={measure}
          options={options}
          popupMatchSelectWidth={false}
          onChange={(value) => set({ measure: value, product: byProduct(value) ? product : undefined })}
        />
        {byProduct(measure) && (
          <ProductPick
            product={
              product
                ? { id: product, title: chosen.data ? String(chosen.data.name ?? '') : null }
                : undefined
            }
            onChange={(value) => set({ product: value })}
          />
        )}
      </div>
      {measure === 'sold_quantity' && !product ? (
        <EmptyState title={t('edit.whichProduct')} text={t('edit.whichProductText')} />
      ) : (
        <Grid key={`${year}:${measure}:${product ?? ''}`} choice={choice} />
      )}
    </div>
  )
}

function Grid({ choice }: { choice: Choice }) {
  const { t } = useTranslation('targets')
  const reach = useReach(true)
  const data = useTargetGrid(choice, reach, true)
  const [wanted, setWanted] = useState('')
  const [part, setPart] = useState(1)
  const lines = useMemo(() => {
    if (!data.data) return nobody
    const all = linesOf({ ...data.data, whole: reach === 'all' || reach === 'chosen' })
    // Departments without anybody in the viewer's reach say nothing to him.
    return reach === 'all'
      ? all
      : all.filter((l) => l.level !== 'department' || l.people.length > 0 || l.record)
  }, [data.data, reach])
  const grid = useGrid(choice, lines)
  const found = wanted
    ? lines.filter((l) => matchesText(wanted, nameOf(l, t('company'), t('unknown'))))
    : lines
  const at = Math.min(part, Math.max(1, Math.ceil(found.length / PART)))
  const parted = found.length > PART * 2
  const shown = parted ? found.slice((at - 1) * PART, at * PART) : found
  if (data.isError && !data.data) return <ErrorState error={data.error} onRetry={() => void data.refetch()} />
  if (!data.data) return <ListSkeleton rows={10} columns={8} />
  if (lines.length === 0) return <EmptyState title={t('edit.nobody')} text={t('edit.nobodyText')} />
  return (
    <>
      <div className={css.above}>
        <SettledInput
          allowClear
          className={css.search}
          aria-label={t('edit.search')}
          placeholder={t('edit.search')}
          value={wanted}
          onChange={(text) => {
            setWanted(text)
            setPart(1)
          }}
        />
        <p className={css.help}>{t('edit.help')}</p>
      </div>
      {grid.restoredAt && grid.waiting > 0 && (
        <Alert
          type="info"
          showIcon
          className={css.alert}
          title={
            <>
              {t('edit.restored', { count: grid.waiting })} <RelativeTime value={grid.restoredAt} />
            </>
          }
          action={
            <Button size="small" onClick={() => void grid.saveAll()}>
              {t('edit.saveNow')}
            </Button>
          }
        />
      )}
      {data.data.more && (
        <Alert
          type="warning"
          showIcon
          className={css.alert}
          title={t('edit.tooMany', { shown: formatNumber(MOST_LINES) })}
        />
      )}
      {found.length === 0 ? (
        <EmptyState compact title={t('edit.noneFound')} />
      ) : (
        <GridTable shown={shown} lines={lines} grid={grid} {...choice} />
      )}
      {parted && (
        <Pagination
          className={css.parts}
          current={at}
          pageSize={PART}
          total={found.length}
          showSizeChanger={false}
          onChange={setPart}
        />
      )}
    </>
  )
}
