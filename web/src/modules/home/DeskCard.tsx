import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import css from './home.module.css'

type Asked = Pick<UseQueryResult, 'isPending' | 'isError' | 'isFetching' | 'error' | 'refetch'> & {
  data: unknown
}

interface Props {
  title: ReactNode
  extra?: ReactNode
  /** What the card waits for; several where one request cannot answer. */
  asked?: Asked | readonly Asked[]
  /** Instead of the content where there is none. */
  empty?: ReactNode
  children?: ReactNode
}

/**
 * The frame of a card: as high while it waits as when it is filled, so that nothing below it jumps. What has been read stays on
 * the page when reading it again fails.
 */
export function DeskCard({ title, extra, asked = [], empty, children }: Props) {
  const id = useId()
  const all = Array.isArray(asked) ? (asked as readonly Asked[]) : [asked as Asked]
  const failed = all.filter((q) => q.isError && q.data === undefined)
  const pending = all.some((q) => q.isPending)
  return (
    <section className={css.card} aria-labelledby={id}>
      <div className={css.cardHead}>
        <h2 id={id}>{title}</h2>
        {extra && <div className={css.cardTail}>{extra}</div>}
      </div>
      <div className={css.cardBody}>
        {failed.length > 0 ? (
          <ErrorState
            error={failed[0]?.error}
            onRetry={() => {
              for (const q of failed) void q.refetch()
            }}
            compact
          />
        ) : pending ? (
          // Far below, nothing has been asked for yet.
          all.some((q) => q.isFetching) && (
            <div className={css.pad}>
              <TextSkeleton lines={6} />
            </div>
          )
        ) : (
          empty || children
        )}
      </div>
    </section>
  )
}
