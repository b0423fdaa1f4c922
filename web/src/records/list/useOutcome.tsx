import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { cachedRecord } from '@/api/cache'
import type { BulkResult, ObjectDef } from '@/api/types'
import { formatNumber } from '@/ui/number'
import { problemText } from '@/ui/states'
import { useValueText } from '../parts/useFields'
import s from './list.module.css'
import type { Selection } from './useSelection'

/** The same reason for many records is one line, with some of the names. */
export function reasonsOf(failed: BulkResult['failed'], nameOf: (id: string) => string) {
  const reasons = new Map<string, { count: number; names: string[] }>()
  for (const { id, message } of failed) {
    const line = reasons.get(message) ?? { count: 0, names: [] }
    line.count++
    const name = nameOf(id)
    if (name && line.names.length < 5) line.names.push(name)
    reasons.set(message, line)
  }
  return [...reasons].map(([reason, line]) => ({ reason, ...line }))
}

/** Tells how something done to many records at once went; those refused are listed with their reasons and stay selected. */
export function useOutcome(object: ObjectDef, selection: Selection) {
  const { t } = useTranslation('records')
  const { modal, message } = App.useApp()
  const text = useValueText()
  const title = object.fields[object.title]
  const nameOf = (id: string) => (title ? text(title, cachedRecord(object.name, id)?.[title.name]) : '')

  /** `told`: it has been told already, with the way back. */
  const finish = (result: BulkResult, told = false) => {
    if (result.failed.length === 0) {
      selection.clear()
      if (told) return
      void message.success(t('bulk.done', { count: result.done, shown: formatNumber(result.done) }))
      return
    }
    selection.set(result.failed.map((f) => f.id))
    void modal.warning({
      title: t('bulk.partly', { done: result.done, failed: result.failed.length }),
      content: (
        <>
          <ul className={s.failures}>
            {reasonsOf(result.failed, nameOf).map(({ reason, count, names }) => (
              <li key={reason}>
                {t('bulk.reason', { reason, count })}
                {names.length > 0 && (
                  <div className={s.failed}>
                    {names.join(t('words.comma'))}
                    {names.length < count && ' …'}
                  </div>
                )}
              </li>
            ))}
          </ul>
          <p>{t('bulk.keptSelected')}</p>
        </>
      ),
      okText: t('bulk.close'),
    })
  }
  const fail = (e: unknown) => void message.error(problemText(e) || t('bulk.failed'))
  return { finish, fail }
}
