import { Badge } from 'antd'
import { useTranslation } from 'react-i18next'
import { useImports } from '@/api/hooks'
import type { ImportInfo, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { RelativeTime } from '@/ui/values'
import s from './import.module.css'

const COLOURS: Record<ImportInfo['state'], 'default' | 'processing' | 'success' | 'error' | 'warning'> = {
  uploaded: 'default',
  running: 'processing',
  done: 'success',
  failed: 'error',
  cancelled: 'default',
  interrupted: 'warning',
  undone: 'default',
}

/** Imports of this object so far: to look at, go on with, or undo. */
export function FormerImports({ object, onOpen }: { object: ObjectDef; onOpen(id: string): void }) {
  const { t } = useTranslation('records')
  const imports = useImports()
  if (imports.isError && !imports.data) {
    return <ErrorState compact error={imports.error} onRetry={() => void imports.refetch()} />
  }
  if (imports.isPending) return <TextSkeleton lines={3} />
  const own = imports.data.filter((i) => i.object === object.name)
  if (own.length === 0) return null
  return (
    <section className={s.section}>
      <h2 className={s.subtitle}>{t('import.former')}</h2>
      <div className={s.scroll}>
        <table className={`${s.table} ${s.former}`}>
          <thead>
            <tr>
              <th scope="col">{t('import.file')}</th>
              <th scope="col">{t('import.stateName')}</th>
              <th scope="col" className={s.right}>
                {t('import.figure.created')}
              </th>
              <th scope="col" className={s.right}>
                {t('import.figure.updated')}
              </th>
              <th scope="col" className={s.right}>
                {t('import.figure.failed')}
              </th>
              <th scope="col">{t('import.when')}</th>
            </tr>
          </thead>
          <tbody>
            {own.map((i) => (
              <tr key={i.id}>
                <th scope="row">
                  <button type="button" className={s.open} onClick={() => onOpen(i.id)}>
                    {i.file_name}
                  </button>
                </th>
                <td>
                  <Badge
                    status={COLOURS[i.state]}
                    text={t(`import.state.${i.dry_run ? 'trial' : 'real'}.${i.state}`)}
                  />
                </td>
                <td className={s.right} data-label={t('import.figure.created')}>
                  {formatNumber(i.created)}
                </td>
                <td className={s.right} data-label={t('import.figure.updated')}>
                  {formatNumber(i.updated)}
                </td>
                <td className={s.right} data-label={t('import.figure.failed')}>
                  {formatNumber(i.failed)}
                </td>
                <td>
                  <RelativeTime value={i.created_at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
