import {
  AppstoreOutlined,
  CalendarOutlined,
  PlusOutlined,
  SearchOutlined,
  TableOutlined,
  UploadOutlined,
} from '@ant-design/icons'
import { Button, type InputRef, Segmented, Tooltip } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useAggregate } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { SettledInput } from '@/ui/SettledInput'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useShortcut } from '@/ui/useShortcut'
import type { ListState } from '../data/useListState'
import { boardFields, dateFields } from '../model/viewFields'
import type { ViewKind } from '../model/viewState'
import { useNarrow } from '../parts/useNarrow'
import s from './list.module.css'
import { ViewTabs } from './ViewTabs'

interface Props {
  object: ObjectDef
  state: ListState
  onCreate?(): void
  onImport?(): void
}

/** Name and count, views, quick search, the ways of looking, import and create. */
export function ListHeader({ object, state, onCreate, onImport }: Props) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const narrow = useNarrow()
  const find = useRef<InputRef>(null)
  useShortcut('f', () => find.current?.focus())
  const count = useAggregate(object.name, { measures: [{ fn: 'count' }], filter: state.filter })
  const kinds: { value: ViewKind; icon: React.ReactNode }[] = [
    { value: 'table', icon: <TableOutlined aria-hidden /> },
  ]
  if (boardFields(object).length > 0) kinds.push({ value: 'board', icon: <AppstoreOutlined aria-hidden /> })
  if (dateFields(object).length > 0) kinds.push({ value: 'calendar', icon: <CalendarOutlined aria-hidden /> })
  const total = count.data?.[0]?.count

  return (
    <header className={s.head}>
      <div className={s.heading}>
        <h1>{label(object.plural)}</h1>
        <span className={s.muted}>{total === undefined ? '' : formatNumber(total)}</span>
      </div>
      <ViewTabs object={object} state={state} />
      <span className={s.spacer} />
      <SettledInput
        inputRef={find}
        className={s.search}
        allowClear
        prefix={<SearchOutlined aria-hidden />}
        value={state.search.q ?? ''}
        placeholder={t('list.search', { objects: midSentence(label(object.plural)) })}
        aria-label={t('list.search', { objects: midSentence(label(object.plural)) })}
        maxLength={100}
        onChange={(q) => state.set({ q: q.trim() || undefined, seek: undefined })}
        onKeyDown={(e) => {
          if (e.key === 'Escape' && !e.nativeEvent.isComposing) find.current?.blur()
        }}
      />
      {kinds.length > 1 && (
        <Segmented
          className={s.kinds}
          value={state.view.kind}
          aria-label={t('kind.name')}
          onChange={(kind) => state.set({ view: kind as ViewKind }, false)}
          options={kinds.map(({ value, icon }) => ({
            value,
            icon: (
              <Tooltip title={t(`kind.${value}`)}>
                <span role="img" aria-label={t(`kind.${value}`)}>
                  {icon}
                </span>
              </Tooltip>
            ),
          }))}
        />
      )}
      {onImport && !narrow && (
        <Button icon={<UploadOutlined aria-hidden />} onClick={onImport}>
          {t('list.import')}
        </Button>
      )}
      {onCreate && (
        <Button
          type="primary"
          className={s.create}
          icon={<PlusOutlined aria-hidden />}
          aria-label={t('list.create', { object: midSentence(label(object.label)) })}
          onClick={onCreate}
        >
          {!narrow && t('list.create', { object: midSentence(label(object.label)) })}
        </Button>
      )}
    </header>
  )
}
