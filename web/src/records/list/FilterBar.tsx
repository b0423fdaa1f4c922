import { CloseOutlined, FilterOutlined } from '@ant-design/icons'
import { Button, Drawer, Popover } from 'antd'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FilterExpr, ObjectDef } from '@/api/types'
import { emptyGroup, fromApi, type Group, replaceNode, toApi, usualOperator } from '../model/filter'
import { NO_FILTER } from '../model/viewState'
import { chips } from '../model/words'
import { useFieldAt, useValueText } from '../parts/useFields'
import { useNamedFilter } from '../parts/useNamedFilter'
import { useNarrow } from '../parts/useNarrow'
import { FilterEditor } from './FilterEditor'
import s from './filter.module.css'

interface Props {
  object: ObjectDef
  filter: FilterExpr | undefined
  onChange(filter: FilterExpr): void
}

/** Filter button with its editor, and the filter in words, one chip per condition. */
export function FilterBar({ object, filter, onChange }: Props) {
  const { t } = useTranslation('records')
  const narrow = useNarrow()
  const [open, setOpen] = useState(false)
  const named = useNamedFilter(object, filter)
  const applied = useMemo(() => fromApi(named), [named])
  const fieldAt = useFieldAt(object)
  const valueText = useValueText()
  const words = chips(applied, {
    fieldAt,
    valueText,
    t: t as unknown as (key: string, options?: Record<string, unknown>) => string,
  })
  const apply = (root: Group) => onChange(toApi(root) ?? NO_FILTER)
  const editor = <Draft object={object} start={applied} onChange={apply} onClose={() => setOpen(false)} />
  const button: ReactNode = (
    <Button
      size="small"
      type="text"
      icon={<FilterOutlined aria-hidden />}
      className={words.length > 0 ? s.active : undefined}
      aria-expanded={open}
      onClick={narrow ? () => setOpen(true) : undefined}
    >
      {t('filter.button')}
    </Button>
  )
  return (
    <>
      {narrow ? (
        <>
          {button}
          <Drawer
            placement="bottom"
            size="80%"
            open={open}
            onClose={() => setOpen(false)}
            title={t('filter.button')}
            destroyOnHidden
          >
            {editor}
          </Drawer>
        </>
      ) : (
        <Popover
          trigger="click"
          placement="bottomLeft"
          open={open}
          onOpenChange={setOpen}
          content={editor}
          arrow={false}
          destroyOnHidden
        >
          {button}
        </Popover>
      )}
      {words.map((chip) => (
        <span key={chip.key} className={s.chip}>
          <button type="button" className={s.chipText} title={chip.text} onClick={() => setOpen(true)}>
            {chip.text}
          </button>
          <button
            type="button"
            className={s.chipClose}
            aria-label={t('filter.drop', { text: chip.text })}
            onClick={() =>
              apply(chip.key === applied.key ? emptyGroup() : replaceNode(applied, chip.key, null))
            }
          >
            <CloseOutlined aria-hidden />
          </button>
        </span>
      ))}
      {words.length > 1 && (
        <Button size="small" type="text" onClick={() => onChange(NO_FILTER)}>
          {t('filter.clear')}
        </Button>
      )}
    </>
  )
}

interface DraftProps {
  object: ObjectDef
  start: Group
  onChange(root: Group): void
  onClose(): void
}

/** The filter being built: it takes effect when typing pauses, never in the middle of an input method's composition. */
function Draft({ object, start, onChange, onClose }: DraftProps) {
  const { t } = useTranslation('records')
  const [root, setRoot] = useState<Group>(() => {
    if (start.items.length > 0) return start
    const title = object.fields[object.title]
    return emptyGroup('and', title ? [{ key: 'first', field: title.name, op: usualOperator(title) }] : [])
  })
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ root, onChange, sent: JSON.stringify(toApi(start) ?? null) })
  latest.current.root = root
  latest.current.onChange = onChange

  const flush = useRef(() => {
    clearTimeout(timer.current)
    const { root: now, onChange: send, sent } = latest.current
    const text = JSON.stringify(toApi(now) ?? null)
    if (text === sent) return
    latest.current.sent = text
    send(now)
  }).current
  // Closing the editor in the pause must not lose the last stroke.
  useEffect(() => () => flush(), [flush])

  const later = () => {
    clearTimeout(timer.current)
    if (!composing.current) timer.current = setTimeout(flush, 400)
  }
  return (
    <div
      onCompositionStart={() => {
        composing.current = true
        clearTimeout(timer.current)
      }}
      onCompositionEnd={() => {
        composing.current = false
        later()
      }}
    >
      <FilterEditor
        object={object}
        root={root}
        onChange={(next) => {
          setRoot(next)
          later()
        }}
      />
      <div className={s.foot}>
        <Button size="small" type="text" onClick={() => setRootAndFlush(emptyGroup())}>
          {t('filter.clear')}
        </Button>
        <Button size="small" type="primary" onClick={onClose}>
          {t('filter.done')}
        </Button>
      </div>
    </div>
  )

  function setRootAndFlush(next: Group) {
    setRoot(next)
    latest.current.root = next
    flush()
  }
}
