import { Button, Tooltip } from 'antd'
import type { RecordData } from '@/api/types'
import { Kbd } from '@/ui/values'
import type { RowAct } from './rowAct'

interface Props {
  acts: readonly RowAct[]
  record: RecordData
  title: string
  /** In a table the keyboard has their keys; on a card they are buttons like others. */
  inRow?: boolean
  className?: string
}

export function RowActs({ acts, record, title, inRow, className }: Props) {
  if (acts.length === 0) return null
  return (
    <span className={className}>
      {acts.map((act, i) => {
        const button = (
          <Button
            key={act.key}
            size="small"
            type={inRow ? 'text' : i === 0 ? 'primary' : 'default'}
            tabIndex={inRow ? -1 : undefined}
            aria-label={act.name(title)}
            onClick={() => act.run(record)}
          >
            {act.text}
          </Button>
        )
        return inRow ? (
          <Tooltip
            key={act.key}
            title={
              <>
                {act.name(title)} <Kbd>{act.key.toUpperCase()}</Kbd>
              </>
            }
            mouseEnterDelay={0.6}
          >
            {button}
          </Tooltip>
        ) : (
          button
        )
      })}
    </span>
  )
}
