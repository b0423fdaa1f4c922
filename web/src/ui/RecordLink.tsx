import { Link, useRouter } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { prefetchRecord } from '@/api/records'
import css from './ui.module.css'

interface Props {
  object: string
  id: string
  children: ReactNode
  className?: string
}

/** To a record's page; what it needs is fetched while the pointer is still on its way to the click. */
export function RecordLink({ object, id, children, className = css.link }: Props) {
  // Fields are also drawn where there is no router (tests, printing): then it is a plain link.
  const router = useRouter({ warn: false }) as ReturnType<typeof useRouter> | null
  const prefetch = () => void prefetchRecord(object, id)
  if (!router) {
    return (
      <a className={className} href={`/o/${object}/${id}`}>
        {children}
      </a>
    )
  }
  return (
    <Link
      to="/o/$object/$id"
      params={{ object, id }}
      className={className}
      onMouseEnter={prefetch}
      onFocus={prefetch}
      onClick={(e) => e.stopPropagation()}
    >
      {children}
    </Link>
  )
}
