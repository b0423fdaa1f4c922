import { SearchOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { Modal } from 'antd'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { prefetchRecord } from '@/api/records'
import { Icon } from '@/ui/Icon'
import { isComposing } from '@/ui/ime'
import { Bone } from '@/ui/Skeletons'
import { problemText } from '@/ui/states'
import { Kbd } from '@/ui/values'
import css from './palette.module.css'
import { closePalette, usePaletteState } from './state'
import { type Entry, useResults } from './useResults'

/** Ctrl/⌘-K: records and commands in one place, with the hands left on the keyboard. */
export default function Palette() {
  const { open } = usePaletteState()
  const { t } = useTranslation()
  return (
    <Modal
      open={open}
      onCancel={closePalette}
      footer={null}
      closable={false}
      destroyOnHidden
      width={640}
      className={css.modal}
      style={{ top: '12vh' }}
      styles={{
        container: { padding: 0, overflow: 'hidden' },
        header: { margin: 0, height: 0 },
        body: { padding: 0 },
      }}
      title={<span className="gx-visually-hidden">{t('palette.label')}</span>}
    >
      <Inside />
    </Modal>
  )
}

function Inside() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [text, setText] = useState('')
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const { groups, searching, error } = useResults(query)
  const entries = groups.flatMap((g) => g.entries)
  const chosen = Math.min(at, Math.max(0, entries.length - 1))

  useEffect(() => () => clearTimeout(timer.current), [])

  // Commands and the search wait for the end of a composition: "zhang" on its way to 张 is no query.
  const settle = (next: string) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      setQuery(next)
      setAt(0)
    }, 120)
  }

  const run = (entry: Entry | undefined) => {
    if (!entry) return
    closePalette()
    if (entry.kind === 'command') entry.command.run()
    else void navigate({ to: '/o/$object/$id', params: { object: entry.object, id: entry.id } })
  }

  const move = (to: number) => {
    const next = (to + entries.length) % entries.length
    setAt(next)
    const entry = entries[next]
    if (entry?.kind === 'record') void prefetchRecord(entry.object, entry.id)
    list.current?.querySelector(`[data-index="${next}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  const onKeyDown = (e: KeyboardEvent) => {
    if (isComposing(e)) return
    if (e.key === 'ArrowDown' || (e.ctrlKey && e.key === 'n')) move(chosen + 1)
    else if (e.key === 'ArrowUp' || (e.ctrlKey && e.key === 'p')) move(chosen - 1)
    else if (e.key === 'Enter') run(entries[chosen])
    else return
    e.preventDefault()
  }

  let index = -1
  return (
    <div className={css.palette}>
      <div className={css.field}>
        <SearchOutlined aria-hidden />
        <input
          autoFocus
          className={css.input}
          role="combobox"
          aria-label={t('palette.label')}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={entries.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('palette.placeholder')}
          value={text}
          onChange={(e) => {
            setText(e.target.value)
            if (!composing.current) settle(e.target.value)
          }}
          onCompositionStart={() => {
            composing.current = true
            clearTimeout(timer.current)
          }}
          onCompositionEnd={(e) => {
            composing.current = false
            settle(e.currentTarget.value)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={css.list} id={`${id}-list`} role="listbox" aria-label={t('palette.label')} ref={list}>
        {groups.map((group) => (
          <div key={group.key} role="group" aria-label={group.title}>
            <div className={css.group} aria-hidden>
              {group.title}
            </div>
            {group.entries.map((entry) => {
              index++
              const i = index
              return (
                // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input that owns the list
                <div
                  key={entry.key}
                  id={`${id}-${i}`}
                  data-index={i}
                  role="option"
                  aria-selected={i === chosen}
                  className={`${css.entry} ${i === chosen ? css.chosen : ''}`}
                  onMouseMove={() => i !== chosen && setAt(i)}
                  onClick={() => run(entry)}
                >
                  <span className={css.icon}>
                    <Icon name={entry.icon} />
                  </span>
                  <span className={css.title}>{entry.title}</span>
                  {entry.sub && <span className={css.sub}>{entry.sub}</span>}
                  {entry.tail && <span className={css.tail}>{entry.tail}</span>}
                </div>
              )
            })}
          </div>
        ))}
        {searching && entries.length === 0 && (
          <div className={css.waiting} role="status" aria-label={t('palette.searching')}>
            <Bone width="40%" />
            <Bone width="55%" />
            <Bone width="35%" />
          </div>
        )}
        {error !== null && (
          <p className={css.none} role="alert">
            {problemText(error) || t('palette.searchFailed')}
          </p>
        )}
        {!searching && error === null && entries.length === 0 && (
          <p className={css.none} role="status">
            <strong>{t('palette.none', { q: query })}</strong>
            <br />
            {t('palette.noneText')}
          </p>
        )}
      </div>
      <div className={css.foot} aria-hidden>
        <span>
          <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t('palette.hintMove')}
        </span>
        <span>
          <Kbd>Enter</Kbd> {t('palette.hintOpen')}
        </span>
        <span>
          <Kbd>Esc</Kbd> {t('palette.hintClose')}
        </span>
      </div>
    </div>
  )
}
