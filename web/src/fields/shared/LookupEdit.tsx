import { Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Ref } from '@/api/types'
import { Person } from '@/ui/Avatar'
import { useComposition } from '@/ui/ime'
import { matchesText } from '@/ui/pinyin'
import { Bone } from '@/ui/Skeletons'
import { useFieldWord } from '@/ui/useLabel'
import type { EditProps } from '../types'
import { type Candidate, targetOf, useCandidates } from './candidates'
import css from './shared.module.css'
import { asRef, asRefs } from './values'

/** Search text that waits for a pause and for the end of a composition. */
function useSettledSearch() {
  const [typed, setTyped] = useState('')
  const [settled, setSettled] = useState('')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const later = (text: string) => {
    clearTimeout(timer.current)
    if (text === '') setSettled('')
    else timer.current = setTimeout(() => setSettled(text), 180)
  }
  const composition = useComposition(later)
  return {
    typed,
    settled,
    waiting: typed.trim() !== settled.trim(),
    compositionProps: composition.props,
    onSearch: (text: string) => {
      setTyped(text)
      if (!composition.active.current) later(text)
    },
    reset: () => {
      clearTimeout(timer.current)
      setTyped('')
      setSettled('')
    },
  }
}

function CandidateRow({ candidate, people }: { candidate: Candidate; people: boolean }) {
  const { t } = useTranslation('fields')
  const title = candidate.title ?? t('noTitle')
  return (
    <span className={css.choice}>
      {people ? <Person who={{ ...candidate, title }} /> : <span>{title}</span>}
      {candidate.subtitle && <span className={css.sub}>{candidate.subtitle}</span>}
    </span>
  )
}

interface Extra {
  many?: boolean
  /** Offered first when nothing is typed: "me" in filters. */
  first?: Ref[]
}

/** Picks one or several records of the target: the latest when nothing is typed, the server's search (with pinyin) else. */
export function LookupEdit(props: EditProps & Extra) {
  const { field, value, onChange, record, autoFocus, disabled, id, status, onCommit, onCancel, many, first } =
    props
  const { t } = useTranslation('fields')
  const [open, setOpen] = useState(Boolean(autoFocus && onCommit))
  const search = useSettledSearch()
  const people = targetOf(field) === 'user'
  const word = useFieldWord(field)
  const { data, isFetching, isError, isPlaceholderData } = useCandidates(
    field,
    record,
    search.settled,
    // A filter also asks for what is not in use any more.
    { enabled: open && !disabled, anew: first === undefined },
  )
  const chosen = many ? asRefs(value) : asRef(value) ? [asRef(value) as Ref] : []

  // While the answer is on its way Enter must not pick what an earlier text had found.
  const stale = search.waiting || isPlaceholderData
  const found = (data ?? []).filter((c) => !stale || matchesText(search.typed, c.title, c.subtitle))
  const offered: Candidate[] = [...(search.settled === '' ? (first ?? []) : []), ...found]
  const known = new Map<string, Candidate>([...chosen, ...(first ?? []), ...offered].map((c) => [c.id, c]))
  const options = [...new Map(offered.map((c) => [c.id, c])).values()].map((c) => ({
    value: c.id,
    label: c.title ?? t('noTitle'),
  }))
  // While nothing is typed the chosen ones stay in the list, so that the list shows what holds.
  if (search.settled === '') {
    for (const c of chosen) {
      if (!options.some((o) => o.value === c.id))
        options.unshift({ value: c.id, label: c.title ?? t('noTitle') })
    }
  }

  const pick = (ids: string | string[] | undefined) => {
    search.reset()
    if (many) {
      onChange(
        (Array.isArray(ids) ? ids : [])
          .map((x) => known.get(x) ?? { id: x, title: null })
          .map(({ id, title }) => ({ id, title })),
      )
      return
    }
    const one = typeof ids === 'string' ? known.get(ids) : undefined
    onChange(one ? { id: one.id, title: one.title } : null)
    onCommit?.()
  }

  const busy = isFetching || search.waiting
  return (
    <div {...search.compositionProps} style={{ width: '100%', minWidth: 140 }}>
      <Select<string | string[]>
        id={id}
        mode={many ? 'multiple' : undefined}
        value={many ? chosen.map((c) => c.id) : chosen[0]?.id}
        options={options}
        onChange={pick}
        open={open}
        onOpenChange={(o) => {
          setOpen(o)
          if (!o) search.reset()
        }}
        showSearch={{ filterOption: false, onSearch: search.onSearch, searchValue: search.typed }}
        labelRender={({ value: v }) => {
          const c = known.get(String(v))
          return people && c?.title ? <Person who={c} /> : (c?.title ?? t('noTitle'))
        }}
        optionRender={(o) => (
          <CandidateRow
            candidate={known.get(String(o.value)) ?? { id: String(o.value), title: null }}
            people={people}
          />
        )}
        notFoundContent={
          busy ? (
            <div role="status" aria-label={t('searching')} style={{ padding: 8, display: 'grid', gap: 12 }}>
              <Bone width="70%" />
              <Bone width="50%" />
            </div>
          ) : (
            <div className={css.sub} style={{ padding: 8 }}>
              {isError
                ? t('searchFailed')
                : search.settled
                  ? t('noHit', { q: search.settled })
                  : t('noCandidate')}
            </div>
          )
        }
        allowClear={!field.required || many}
        onBlur={onCommit}
        onKeyDown={(e) => {
          if (e.key === 'Escape' && !open) onCancel?.()
        }}
        placeholder={id ? t('pick') : t('choose', { field: word })}
        aria-label={id ? undefined : t('choose', { field: word })}
        autoFocus={autoFocus}
        disabled={disabled}
        status={status}
        popupMatchSelectWidth={260}
        style={{ width: '100%' }}
      />
    </div>
  )
}
