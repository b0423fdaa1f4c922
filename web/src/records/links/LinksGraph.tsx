import { useLayoutEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordLink } from '@/ui/RecordLink'
import css from './links.module.css'
import { type Box, cut, draw, type Tie } from './ties'
import { useTieWords } from './useTieWords'

/** The picture. Every node that has a page is a link to it, in the order in which they are listed. */
export function LinksGraph({ name, ties }: { name: string; ties: Tie[] }) {
  const { t } = useTranslation('records')
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const at = box.current
    if (!at) return
    const measure = () => setWidth(Math.floor(at.clientWidth))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(at)
    return () => observer.disconnect()
  }, [])
  const { height, center, nodes } = draw(ties, width)
  return (
    <div ref={box} className={css.graph}>
      {width > 0 && (
        <svg width={width} height={height} role="group" aria-label={t('links.of', { name })}>
          {nodes.map(({ tie, path }) => (
            <path key={tie.key} d={path} className={css.line} />
          ))}
          <g className={css.center}>
            <rect {...center} rx={8} />
            <Line box={center} y={center.height / 2 + 5} size={14} text={name} className={css.name} />
          </g>
          {nodes.map(({ tie, box }) =>
            tie.title === null ? (
              <g key={tie.key} className={css.closed}>
                <Node tie={tie} box={box} />
              </g>
            ) : (
              <RecordLink key={tie.key} object={tie.object} id={tie.id} className={css.link}>
                <Node tie={tie} box={box} />
              </RecordLink>
            ),
          )}
        </svg>
      )}
    </div>
  )
}

function Node({ tie, box }: { tie: Tie; box: Box }) {
  const { t } = useTranslation('records')
  const said = useTieWords()(tie)
  const title = tie.title ?? t('links.hidden')
  return (
    <g className={`${css.node} ${css[tie.kind]}`}>
      <title>{`${title} · ${said}`}</title>
      <rect {...box} rx={6} />
      <Line hidden box={box} y={17} size={13} text={title} className={css.name} />
      <Line hidden box={box} y={33} size={12} text={said} className={css.words} />
    </g>
  )
}

interface LineProps {
  box: Box
  y: number
  size: number
  text: string
  className?: string
  /** Said whole by the title of its node. */
  hidden?: boolean
}

function Line({ box, y, size, text, className, hidden }: LineProps) {
  return (
    <text x={box.x + 10} y={box.y + y} fontSize={size} className={className} aria-hidden={hidden}>
      {cut(text, box.width - 8, size)}
    </text>
  )
}
