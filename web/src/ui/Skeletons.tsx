import { useTranslation } from 'react-i18next'
import css from './ui.module.css'

/** Grey shapes where content will stand. Widths vary by position so that a list looks like one. */
export function Bone({ width, height = 12 }: { width: number | string; height?: number }) {
  return <span className={css.bone} style={{ width, height }} aria-hidden />
}

const widths = [46, 62, 38, 54, 70, 42, 58]

function Waiting({ children, className }: { children: React.ReactNode; className?: string }) {
  const { t } = useTranslation()
  return (
    <div role="status" aria-label={t('state.loading')} className={className}>
      {children}
    </div>
  )
}

export function ListSkeleton({ rows = 12, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <Waiting className={css.bones}>
      {Array.from({ length: rows }, (_, r) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes have no identity
        <div className={css.boneRow} key={r}>
          {Array.from({ length: columns }, (_, c) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the shapes have no identity
            <span key={c} style={{ flex: c === 0 ? 2 : 1 }}>
              <Bone width={`${widths[(r * 3 + c) % widths.length]}%`} />
            </span>
          ))}
        </div>
      ))}
    </Waiting>
  )
}

export function TextSkeleton({ lines = 4 }: { lines?: number }) {
  return (
    <Waiting>
      {Array.from({ length: lines }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the shapes have no identity
        <div key={i} style={{ padding: '8px 0' }}>
          <Bone width={`${widths[i % widths.length]}%`} />
        </div>
      ))}
    </Waiting>
  )
}

export function PageSkeleton() {
  return (
    <Waiting>
      <div style={{ padding: '16px 24px', display: 'flex', flexDirection: 'column', gap: 16 }}>
        <Bone width={160} height={20} />
        <Bone width="100%" height={40} />
      </div>
      <ListSkeleton />
    </Waiting>
  )
}
