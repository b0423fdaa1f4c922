import { SearchOutlined } from '@ant-design/icons'
import { Link, useNavigate } from '@tanstack/react-router'
import { type InputRef, Select } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Pool, useAggregate, useCatalogue, usedUp } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import type { ListState } from '@/records/data/useListState'
import { useNarrow } from '@/records/parts/useNarrow'
import { Icon } from '@/ui/Icon'
import { formatNumber } from '@/ui/number'
import { matchesText } from '@/ui/pinyin'
import { SettledInput } from '@/ui/SettledInput'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useShortcut } from '@/ui/useShortcut'
import css from './pools.module.css'

interface Props {
  pools: Pool[]
  pool: Pool
  object: ObjectDef
  state: ListState
}

/** More than this are chosen from a list one can search. */
const MOST_TABS = 6

/** Which pool, how much lies in it and how much of that one may still take today, and looking for something in it. */
export function PoolHead({ pools, pool, object, state }: Props) {
  const { t } = useTranslation('pools')
  const { t: records } = useTranslation('records')
  const label = useLabel()
  const narrow = useNarrow()
  const { objects } = useCatalogue()
  const navigate = useNavigate()
  const find = useRef<InputRef>(null)
  useShortcut('f', () => find.current?.focus())
  const count = useAggregate(object.name, { measures: [{ fn: 'count' }], filter: state.filter })
  // What the list has stays true while colleagues claim; of the others what was told last.
  const here = Number(count.data?.[0]?.count ?? pool.records)
  const several = new Set(pools.map((p) => p.object)).size > 1
  const named = (p: Pool) => (several ? `${p.name} · ${label(objects[p.object]?.plural)}` : p.name)
  const limit = pool.daily_claim_limit
  const words = records('list.search', { objects: midSentence(label(object.plural)) })

  return (
    <>
      <header className={css.head}>
        <h1>{t('title')}</h1>
        {narrow || pools.length > MOST_TABS ? (
          <Select
            className={css.choose}
            value={pool.id}
            aria-label={t('choose')}
            showSearch={{ filterOption: (q, o) => matchesText(q, String(o?.label ?? '')) }}
            options={pools.map((p) => ({ value: p.id, label: named(p) }))}
            onChange={(id: string) => void navigate({ to: '/pools/$id', params: { id }, search: {} })}
          />
        ) : (
          <nav className={css.tabs} aria-label={t('choose')}>
            {pools.map((p) => (
              <Link
                key={p.id}
                to="/pools/$id"
                params={{ id: p.id }}
                search={{}}
                className={`${css.tab} ${p.id === pool.id ? css.on : ''}`}
                aria-current={p.id === pool.id ? 'page' : undefined}
              >
                {several && <Icon name={objects[p.object]?.icon} />}
                <span>{p.name}</span>
              </Link>
            ))}
          </nav>
        )}
        <span className={css.spacer} />
        <SettledInput
          inputRef={find}
          className={css.search}
          allowClear
          prefix={<SearchOutlined aria-hidden />}
          value={state.search.q ?? ''}
          placeholder={words}
          aria-label={words}
          maxLength={100}
          onChange={(q) => state.set({ q: q.trim() || undefined, seek: undefined })}
          onKeyDown={(e) => {
            if (e.key === 'Escape' && !e.nativeEvent.isComposing) find.current?.blur()
          }}
        />
      </header>
      <dl className={css.figures}>
        <div>
          <dt>{t(state.narrowed ? 'figure.found' : 'figure.records')}</dt>
          <dd>{formatNumber(here)}</dd>
        </div>
        <div>
          <dt>{t('figure.claimed')}</dt>
          <dd className={usedUp(pool) ? css.full : undefined}>
            {limit === null
              ? formatNumber(pool.claimed_today)
              : t('figure.of', { claimed: formatNumber(pool.claimed_today), limit: formatNumber(limit) })}
          </dd>
        </div>
        {(['cooldown', 'protect'] as const).map((what) => {
          const days = pool[`${what}_days`]
          return (
            days !== null &&
            days > 0 && (
              <div key={what}>
                <dt>{t(`figure.${what}`)}</dt>
                <dd>{t('figure.days', { count: days })}</dd>
              </div>
            )
          )
        })}
        {pool.hidden_fields.length > 0 && (
          <div>
            <dt>{t('hidden.title')}</dt>
            <dd>{pool.hidden_fields.map((name) => label(object.fields[name]?.label)).join(t('comma'))}</dd>
          </div>
        )}
      </dl>
    </>
  )
}
