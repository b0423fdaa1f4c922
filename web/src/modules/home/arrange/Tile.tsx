import {
  CloseOutlined,
  ColumnWidthOutlined,
  DownOutlined,
  HolderOutlined,
  LeftOutlined,
  RightOutlined,
  UpOutlined,
} from '@ant-design/icons'
import { useDraggable, useDroppable } from '@dnd-kit/core'
import { Button, Tooltip } from 'antd'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@/ui/Icon'
import type { Width } from '../arrangement'
import type { ShownCard } from '../card'
import css from './arrange.module.css'
import { placeFor } from './keys'

interface Props {
  card: ShownCard
  span: number
  /** All cards stand below each other. */
  single: boolean
  place: number
  count: number
  /** Id of the text that says which keys there are. */
  hint: string
  /** Place of the card in hand, -1 for none. */
  from: number
  onMove(place: number): void
  onWidth(width: Width): void
  onRemove(): void
}

/** A card while the desk is arranged: its name, what it shows, and what can be done with it. */
export function Tile({ card, span, single, place, count, hint, from, onMove, onWidth, onRemove }: Props) {
  const { t } = useTranslation('home')
  const { id } = card.def
  const name = t(`card.${id}.name`)
  const drag = useDraggable({ id })
  const drop = useDroppable({ id })
  const other: Width = card.width === 'wide' ? 'narrow' : 'wide'
  const target = drop.isOver && from >= 0 && from !== place
  const cls = [
    css.tile,
    single && css.single,
    drag.isDragging && css.lifted,
    // Where it would come to stand: after those that give way to it, or before.
    target && (from < place ? css.after : css.before),
  ]
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    if (e.key === 'Delete' || e.key === 'Backspace') {
      e.preventDefault()
      onRemove()
      return
    }
    if (e.key.toLowerCase() === 'w') {
      e.preventDefault()
      onWidth(other)
      return
    }
    const to = placeFor(e.key, place, count)
    if (to !== null) {
      e.preventDefault()
      onMove(to)
      return
    }
    const step = { j: 1, k: -1 }[e.key.toLowerCase()]
    if (!step) return
    e.preventDefault()
    const handles = [...document.querySelectorAll<HTMLElement>('[data-handle]')]
    handles[Math.max(0, Math.min(handles.length - 1, place + step))]?.focus()
  }
  return (
    <li
      ref={(element) => {
        drag.setNodeRef(element)
        drop.setNodeRef(element)
      }}
      data-tile={id}
      className={cls.filter(Boolean).join(' ')}
      style={{ gridColumn: `span ${span}` }}
      {...drag.listeners}
    >
      <div className={css.tools}>
        <button
          type="button"
          data-handle=""
          className={css.handle}
          aria-label={t('arrange.handle', { name, place: place + 1, count })}
          aria-describedby={hint}
          onKeyDown={onKeyDown}
        >
          <HolderOutlined aria-hidden />
          <Icon name={card.def.icon} className={css.icon} />
          <b className={css.name}>{name}</b>
        </button>
        <Button
          type="text"
          size="small"
          icon={single ? <UpOutlined aria-hidden /> : <LeftOutlined aria-hidden />}
          disabled={place === 0}
          aria-label={t('arrange.earlier', { name })}
          onClick={() => onMove(place - 1)}
        />
        <Button
          type="text"
          size="small"
          icon={single ? <DownOutlined aria-hidden /> : <RightOutlined aria-hidden />}
          disabled={place === count - 1}
          aria-label={t('arrange.later', { name })}
          onClick={() => onMove(place + 1)}
        />
        <Tooltip title={t(`arrange.make.${other}`)}>
          <Button
            type="text"
            size="small"
            icon={<ColumnWidthOutlined aria-hidden />}
            aria-label={t('arrange.wide', { name })}
            aria-pressed={card.width === 'wide'}
            className={card.width === 'wide' ? css.on : undefined}
            onClick={() => onWidth(other)}
          />
        </Tooltip>
        <Tooltip title={t('arrange.remove')}>
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined aria-hidden />}
            aria-label={t('arrange.removeOne', { name })}
            onClick={onRemove}
          />
        </Tooltip>
      </div>
      <p className={css.about}>{t(`card.${id}.about`)}</p>
    </li>
  )
}
