import { Bone, ListSkeleton } from '@/ui/Skeletons'
import css from './shell.module.css'

/** The shape of the page while session and catalogue are on their way. */
export function ShellSkeleton() {
  return (
    <div className={css.shell}>
      <div className={css.side} aria-hidden>
        <div className={css.sideHead}>
          <Bone width={112} height={16} />
        </div>
        <div style={{ padding: '8px 16px', display: 'grid', gap: 20 }}>
          {[88, 64, 72, 56, 80, 64, 72].map((w, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the shapes have no identity
            <Bone key={i} width={w} />
          ))}
        </div>
      </div>
      <main className={css.main}>
        <div style={{ padding: '20px 24px' }}>
          <Bone width={140} height={20} />
        </div>
        <ListSkeleton />
      </main>
    </div>
  )
}
