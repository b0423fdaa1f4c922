import {
  type CollisionDetection,
  closestCenter,
  DndContext,
  DragOverlay,
  type Modifier,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import { App, Button } from 'antd'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '@/ui/Icon'
import { Page } from '@/ui/Page'
import { useShortcut } from '@/ui/useShortcut'
import { add, moveTo, remove, resize, spansOf, type Width } from '../arrangement'
import type { CardDef, CardId } from '../card'
import { wantedBy } from '../DeskGrid'
import { useColumns } from '../useColumns'
import type { Desk } from '../useDesk'
import css from './arrange.module.css'
import { Tile } from './Tile'

const handleOf = (card: string) =>
  document.querySelector<HTMLElement>(`[data-tile="${CSS.escape(card)}"] [data-handle]`)

const underPointer: CollisionDetection = (args) => {
  const hits = pointerWithin(args)
  return hits.length > 0 ? hits : closestCenter(args)
}

/** What is in hand hangs at the pointer, wherever a card was taken by. */
const atPointer: Modifier = ({ activatorEvent, draggingNodeRect, transform }) => {
  const touch = (activatorEvent as TouchEvent | null)?.touches?.[0]
  const point = touch ?? (activatorEvent as MouseEvent | null)
  if (!point || !draggingNodeRect) return transform
  return {
    ...transform,
    x: transform.x + point.clientX - draggingNodeRect.left - 24,
    y: transform.y + point.clientY - draggingNodeRect.top - 24,
  }
}

/** Adding, taking away, moving and widening cards. Every change is kept at once. */
export default function ArrangeDesk({ desk, onDone }: { desk: Desk; onDone(): void }) {
  const { t } = useTranslation('home')
  const { t: words } = useTranslation()
  const { message } = App.useApp()
  const { shown, offered, placed, keep } = desk
  const box = useRef<HTMLUListElement>(null)
  const columns = useColumns(box)
  const spans = spansOf(shown.map(wantedBy), columns)
  const [said, setSaid] = useState('')
  const [dragged, setDragged] = useState<string>()
  const hint = useId()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 250, tolerance: 8 } }),
  )
  const ids: string[] = shown.map((c) => c.def.id)
  const name = (id: string) => t(`card.${id as CardId}.name`)
  // Whoever came by the keyboard goes on with it: at the first card, or where there is one to add.
  useEffect(() => {
    const first = document.querySelector<HTMLElement>('[data-handle], [data-add]')
    first?.focus({ preventScroll: true })
  }, [])
  // The Escape that puts back a card in hand is spent on that.
  const inHand = useRef(false)
  useShortcut('Escape', () => {
    if (!inHand.current) onDone()
  })
  // Where the keyboard goes on once the cards stand as they were put.
  const goal = useRef<{ card: string; off?: boolean } | null>(null)
  const order = ids.join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the cards stand otherwise
  useEffect(() => {
    if (!goal.current) return
    const { card, off } = goal.current
    goal.current = null
    const tile = document.querySelector(`[data-tile="${CSS.escape(card)}"]`)
    tile?.scrollIntoView?.({ block: 'nearest' })
    // One of its own buttons that was pressed keeps the focus.
    if (!off && tile?.contains(document.activeElement)) return
    const next = off
      ? document.querySelector<HTMLElement>(`[data-add="${CSS.escape(card)}"]`)
      : handleOf(card)
    next?.focus()
  }, [order])

  const move = (card: string, place: number) => {
    const next = moveTo(placed, ids, card, place)
    const to = Math.max(0, Math.min(ids.length - 1, place))
    if (next === placed) {
      setSaid(t('arrange.stays', { name: name(card), place: to + 1, count: ids.length }))
      return
    }
    keep(next)
    setSaid(t('arrange.moved', { name: name(card), place: to + 1, count: ids.length }))
    goal.current = { card }
  }
  const take = (card: string) => {
    const at = ids.indexOf(card)
    const neighbour = ids[at + 1] ?? ids[at - 1]
    keep(remove(placed, card))
    setSaid(t('arrange.removed', { name: name(card) }))
    goal.current = neighbour === undefined ? { card, off: true } : { card: neighbour }
  }
  const put = (def: CardDef) => {
    keep(add(placed, def.id))
    setSaid(t('arrange.added', { name: name(def.id), place: ids.length + 1 }))
    goal.current = { card: def.id }
  }
  const widen = (card: string, width: Width) => {
    keep(resize(placed, card, width))
    setSaid(t(`arrange.is.${width}`, { name: name(card) }))
  }
  const letGo = () => {
    setDragged(undefined)
    setTimeout(() => {
      inHand.current = false
    })
  }
  const reset = () => {
    const back = desk.reset()
    setSaid(t('arrange.wasReset'))
    const key = 'desk-reset'
    message.open({
      key,
      type: 'success',
      duration: 8,
      content: (
        <span>
          {t('arrange.wasReset')}
          <Button
            type="link"
            size="small"
            onClick={() => {
              back()
              message.destroy(key)
            }}
          >
            {words('action.undo')}
          </Button>
        </span>
      ),
    })
  }
  const accessibility = useMemo(
    () => ({
      // The keys are the tiles' own and say themselves what they do.
      screenReaderInstructions: { draggable: t('arrange.howTo') },
      announcements: {
        onDragStart: () => undefined,
        onDragOver: () => undefined,
        onDragEnd: () => undefined,
        onDragCancel: () => undefined,
      },
    }),
    [t],
  )

  return (
    <Page
      title={t('arrange.title')}
      text={t('arrange.text')}
      actions={
        <div className={css.actions}>
          <Button disabled={desk.untouched} onClick={reset}>
            {t('arrange.reset')}
          </Button>
          <Button type="primary" onClick={onDone}>
            {t('arrange.done')}
          </Button>
        </div>
      }
    >
      <div className="gx-visually-hidden" role="status" aria-live="polite" data-testid="arranged">
        {said}
      </div>
      <p id={hint} className={css.hint}>
        {t('arrange.howTo')}
      </p>
      <DndContext
        sensors={sensors}
        collisionDetection={underPointer}
        accessibility={accessibility}
        onDragStart={({ active }) => {
          inHand.current = true
          setDragged(String(active.id))
        }}
        onDragCancel={letGo}
        onDragEnd={({ active, over }) => {
          letGo()
          if (over && over.id !== active.id) move(String(active.id), ids.indexOf(String(over.id)))
        }}
      >
        <ul
          ref={box}
          className={css.tiles}
          style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
          aria-label={t('arrange.onDesk')}
        >
          {shown.map((card, i) => (
            <Tile
              key={card.def.id}
              card={card}
              span={spans[i] ?? 1}
              single={columns === 1}
              place={i}
              count={shown.length}
              hint={hint}
              from={dragged === undefined ? -1 : ids.indexOf(dragged)}
              onMove={(place) => move(card.def.id, place)}
              onWidth={(width) => widen(card.def.id, width)}
              onRemove={() => take(card.def.id)}
            />
          ))}
        </ul>
        <DragOverlay dropAnimation={null} modifiers={[atPointer]}>
          {dragged && <div className={css.floating}>{name(dragged)}</div>}
        </DragOverlay>
      </DndContext>
      {shown.length === 0 && <p className={css.none}>{t('arrange.none')}</p>}
      <h2 className={css.head}>{t('arrange.offered')}</h2>
      {offered.length === 0 ? (
        <p className={css.none}>{t('arrange.allThere')}</p>
      ) : (
        <ul className={css.offers} aria-label={t('arrange.offered')}>
          {offered.map((def) => (
            <li key={def.id} className={css.offer}>
              <Icon name={def.icon} className={css.icon} />
              <span className={css.words}>
                <b>{name(def.id)}</b>
                <span className={css.about}>{t(`card.${def.id}.about`)}</span>
              </span>
              <Button
                data-add={def.id}
                size="small"
                aria-label={t('arrange.addOne', { name: name(def.id) })}
                onClick={() => put(def)}
              >
                {t('arrange.add')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
