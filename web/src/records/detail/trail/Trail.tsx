import { DownOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef, RecordData } from '@/api/types'
import { Chip } from '@/ui/Chip'
import { RecordLink } from '@/ui/RecordLink'
import { useLabel } from '@/ui/useLabel'
import { Money } from '@/ui/values'
import { useGo } from '../../data/nav'
import type { Group, Piece, Step } from './trail'
import s from './trail.module.css'
import { useTrail } from './useTrail'

/** Where a document came from and where it went, in one line. */
export function Trail({ object, record }: { object: ObjectDef; record: RecordData }) {
  const { t } = useTranslation('trade')
  const { groups, pending } = useTrail(object, record)
  const shown = !pending && groups.length > 0
  const strip = useRef<HTMLElement>(null)
  // Where it is narrow the one that is open is in sight, and what lies to both sides of it.
  useLayoutEffect(() => {
    const here = shown ? strip.current?.querySelector<HTMLElement>('[aria-current]') : undefined
    if (strip.current && here) strip.current.scrollLeft = here.offsetLeft - strip.current.clientWidth / 3
  }, [shown])
  if (!shown) return null
  return (
    <nav ref={strip} className={s.strip} aria-label={t('trail.name')}>
      <ol className={s.steps}>
        {groups.map((group, i) => (
          <li key={group.step} className={s.step}>
            {i > 0 && <RightOutlined className={s.arrow} aria-hidden />}
            <StepOf group={group} />
          </li>
        ))}
      </ol>
    </nav>
  )
}

function useStepName(): (step: Step) => string {
  const { objects } = useCatalogue()
  const label = useLabel()
  return (step) => {
    if (step !== 'credit_note') return label(objects[step]?.label, step)
    const kind = objects.invoice?.fields.kind?.options?.find((o) => o.value === step)
    return label(kind?.label, label(objects.invoice?.label))
  }
}

function StepOf({ group }: { group: Group }) {
  const { t } = useTranslation('trade')
  const name = useStepName()(group.step)
  const go = useGo()
  const here = group.pieces.find((p) => p.current)
  const standing = group.pieces.filter((p) => !p.over)
  // What was replaced or taken back stands behind the one that holds.
  const shown =
    here ?? (standing.length === 1 ? standing[0] : group.pieces.length === 1 ? group.pieces[0] : undefined)
  const count = group.pieces.length
  const words = t('trail.several', { kind: name, count })
  return (
    <>
      {shown && (
        <span className={shown.current ? s.here : s.piece} aria-current={shown.current ? 'page' : undefined}>
          <span className={s.top}>
            <span className={s.kind}>{name}</span>
            <State piece={shown} />
          </span>
          <span className={s.top}>
            <Name piece={shown} linked={!shown.current} />
            <Amount piece={shown} />
          </span>
        </span>
      )}
      {count > 1 && (
        <Dropdown
          trigger={['click']}
          autoFocus
          menu={{
            selectedKeys: here ? [here.id] : [],
            items: group.pieces.map((p) => ({
              key: p.id,
              label: (
                <span className={s.item}>
                  <Name piece={p} linked={false} />
                  <State piece={p} />
                  <Amount piece={p} />
                </span>
              ),
              onClick: () => void go.record(p.object, p.id),
            })),
          }}
        >
          <Button size="small" type="text" aria-label={t('trail.many', { kind: name, count })}>
            {shown ? `×${count}` : words} <DownOutlined className={s.more} aria-hidden />
          </Button>
        </Dropdown>
      )}
    </>
  )
}

function Name({ piece, linked }: { piece: Piece; linked: boolean }) {
  const { objects } = useCatalogue()
  const { t } = useTranslation('fields')
  const number = piece.number ?? t('noTitle')
  const look = piece.over ? s.over : s.number
  return linked && objects[piece.object] ? (
    <RecordLink object={piece.object} id={piece.id} className={look}>
      {number}
    </RecordLink>
  ) : (
    <span className={look}>{number}</span>
  )
}

function State({ piece }: { piece: Piece }) {
  const { objects } = useCatalogue()
  const label = useLabel()
  const state = objects[piece.object]?.fields.status?.options?.find((o) => o.value === piece.status)
  return state && <Chip color={piece.over ? undefined : state.color}>{label(state.label)}</Chip>
}

function Amount({ piece }: { piece: Piece }) {
  if (piece.total === null) return null
  return (
    <span className={s.amount}>
      <Money value={piece.total} currency={piece.currency ?? undefined} />
    </span>
  )
}
