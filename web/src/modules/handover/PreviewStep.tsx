import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { isApiError, randomKey } from '@/api/client'
import { type Handover, type HandoverRequest, useHandoverPreview, useStartHandover } from '@/api/handovers'
import type { ObjectDef, Ref } from '@/api/types'
import { shares } from '@/records/handover/run'
import { useFilterWords } from '@/records/parts/useFilterWords'
import { Person } from '@/ui/Avatar'
import { formatNumber } from '@/ui/number'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import css from './handover.module.css'
import { type Origin, originOf } from './plan'
import { useHoldingLabel } from './useHoldingLabel'

interface Props {
  from: Ref
  origins: Origin[]
  request: HandoverRequest
  onBack(): void
  onStarted(handover: Handover): void
}

function Words({ object, origin, rest }: { object: ObjectDef; origin: Origin; rest: boolean }) {
  const { t } = useTranslation('handover')
  const words = useFilterWords(object, origin.part.filter)
  return <>{words || (rest ? t('preview.rest') : t('preview.all'))}</>
}

/** What will happen, in figures, before it does. */
export function PreviewStep({ from, origins, request, onBack, onStarted }: Props) {
  const { t } = useTranslation('handover')
  const label = useLabel()
  const { objects } = useCatalogue()
  const lineName = useHoldingLabel()
  const preview = useHandoverPreview(request)
  const start = useStartHandover()
  const [key] = useState(randomKey)
  const name = from.title ?? ''
  const parts = preview.data?.parts
  const sum = (places: boolean) =>
    (parts ?? []).reduce((n, part) => n + ((part.field !== 'owner') === places ? part.count : 0), 0)
  const along = [...new Set(origins.flatMap((origin) => origin.part.along))]
  const whole = origins.some((origin) => !origin.part.field && !origin.part.filter)
  const comma = t('comma')

  if (preview.isError) {
    const refused = isApiError(preview.error) ? (preview.error.problem.errors ?? []) : []
    // What the server refuses is told with the line that it means; it is put right a step before.
    if (refused.length > 0) {
      return (
        <div className={css.step}>
          {refused.map((e) => {
            const origin = originOf(e.field, origins)
            return (
              <Alert
                key={`${e.field} ${e.message}`}
                type="error"
                showIcon
                role="alert"
                title={origin ? `${lineName(origin.part)} · ${e.message}` : e.message}
              />
            )
          })}
          <div className={css.foot}>
            <Button type="primary" onClick={onBack}>
              {t('preview.back')}
            </Button>
          </div>
        </div>
      )
    }
    return (
      <ErrorState
        error={preview.error}
        onRetry={() => void preview.refetch()}
        actions={<Button onClick={onBack}>{t('preview.back')}</Button>}
      />
    )
  }
  if (!parts) return <ListSkeleton rows={5} columns={3} />
  const records = sum(false)
  const places = sum(true)
  return (
    <div className={css.step}>
      <div className={css.sentences} role="status">
        {origins.length > 0 && (
          <p>
            {t('preview.records', { count: records, shown: formatNumber(records), name })}
            {places > 0 && t('preview.places', { count: places, shown: formatNumber(places) })}
            {t('preview.stop')}
          </p>
        )}
        {along.length > 0 && (
          <p>
            {t('preview.along', {
              objects: along.map((o) => midSentence(label(objects[o]?.plural, o))).join(comma),
            })}
          </p>
        )}
        {whole && <p>{t('preview.trash')}</p>}
        {request.deactivate && <p>{t('preview.deactivate', { name })}</p>}
        <p>{t('preview.undo')}</p>
      </div>
      {origins.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('preview.what')}</th>
              <th scope="col">{t('preview.which')}</th>
              <th scope="col" className={css.number}>
                {t('preview.count')}
              </th>
              <th scope="col">{t('recipients')}</th>
            </tr>
          </thead>
          <tbody>
            {origins.map((origin, i) => {
              const object = objects[origin.part.object]
              const count = parts[i]?.count ?? 0
              const each = shares(count, origin.to.length)
              const rest = origins.some((other) => other.line === origin.line && other.split !== undefined)
              return (
                <tr key={`${origin.line} ${origin.split ?? ''}`}>
                  <th scope="row">{lineName(origin.part)}</th>
                  <td data-label={t('preview.which')}>
                    {object && <Words object={object} origin={origin} rest={rest} />}
                  </td>
                  <td data-label={t('preview.count')} className={css.number}>
                    {formatNumber(count)}
                  </td>
                  <td data-label={t('recipients')}>
                    <span className={css.people}>
                      {origin.to.map((who, at) => (
                        <span key={who.id} className={css.person}>
                          <Person who={who} />
                          {origin.to.length > 1 && (
                            <span className={css.share}>{formatNumber(each[at] ?? 0)}</span>
                          )}
                        </span>
                      ))}
                    </span>
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {request.note && <p className={css.note}>{request.note}</p>}
      {start.isError && (
        <Alert type="error" showIcon role="alert" title={problemText(start.error) || t('run.failed')} />
      )}
      <div className={css.foot}>
        <Button onClick={onBack}>{t('preview.back')}</Button>
        <Button
          type="primary"
          loading={start.isPending}
          onClick={() => start.mutate({ request, idempotencyKey: key }, { onSuccess: onStarted })}
        >
          {t(request.deactivate ? 'preview.startClose' : 'preview.start')}
        </Button>
      </div>
    </div>
  )
}
