import { Alert, App, Button, Progress } from 'antd'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { type Handover, useHandover, useHandoverVerb } from '@/api/handovers'
import { watchHandover } from '@/api/startedHandovers'
import { Person } from '@/ui/Avatar'
import { formatNumber } from '@/ui/number'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import { ListLink } from '../data/nav'
import s from './handover.module.css'
import { percentOf, receivedOf, stateWord, stepsOf, whereStands } from './run'

function Outcome({ handover }: { handover: Handover }) {
  const { t } = useTranslation('handover')
  const label = useLabel()
  const { objects } = useCatalogue()
  const received = receivedOf(handover.by_object)
  if (received.length === 0) return null
  return (
    <table className={s.outcome}>
      <caption className={s.caption}>{t(handover.undoing ? 'run.whatWent' : 'run.whatGoes')}</caption>
      <tbody>
        {received.map((line) => {
          const object = objects[line.object]
          return (
            <tr key={line.object}>
              <th scope="row">{label(object?.plural, line.object)}</th>
              <td className={s.number}>{formatNumber(line.count)}</td>
              <td>
                <ul className={s.receivers}>
                  {line.people.map((who) => {
                    const filter = object && whereStands(object, who.id)
                    return (
                      <li key={who.id}>
                        <Person who={who} />
                        <span className={s.number}>{formatNumber(who.count)}</span>
                        {object && filter && (
                          <ListLink object={line.object} search={{ filter }} className={s.link}>
                            {t('run.look')}
                            <span className="gx-visually-hidden">
                              {` ${who.title ?? ''} ${label(object.plural)}`}
                            </span>
                          </ListLink>
                        )}
                      </li>
                    )
                  })}
                </ul>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

interface Props {
  id: string
  /** Ways on from here, such as closing. */
  actions?: ReactNode
}

/** A handover at work or done: how far it is, who received what, and stopping, going on and taking back. */
export function HandoverRun({ id, actions }: Props) {
  const { t } = useTranslation('handover')
  const { t: app } = useTranslation()
  const { modal, message } = App.useApp()
  const query = useHandover(id)
  useEffect(() => watchHandover(id), [id])
  const cancel = useHandoverVerb('cancel')
  const resume = useHandoverVerb('resume')
  const undo = useHandoverVerb('undo')
  const h = query.data
  if (!h) {
    return query.isError ? (
      <ErrorState error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <TextSkeleton lines={5} />
    )
  }
  const running = h.state === 'running'
  const steps = stepsOf(h)
  const fail = (e: unknown) => void message.error(problemText(e) || t('run.failed'))
  const figures: { key: 'moved' | 'returned' | 'kept'; value: number }[] = [{ key: 'moved', value: h.moved }]
  if (h.undoing) figures.push({ key: 'returned', value: h.returned }, { key: 'kept', value: h.kept })

  return (
    <section className={s.run}>
      <h2 className={s.state} aria-live="polite">
        {t(stateWord(h))}
      </h2>
      <p className={s.facts}>
        {h.from && (
          <span>
            {t('run.from')} <Person who={h.from} />
          </span>
        )}
        {h.started_by && (
          <span>
            {t('run.by')} <Person who={h.started_by} />
          </span>
        )}
        <RelativeTime value={h.created_at} />
      </p>
      {h.note && <p className={s.note}>{h.note}</p>}
      {running && <Progress percent={percentOf(h)} status="active" aria-label={t('run.progress')} />}
      <dl className={s.figures}>
        {figures.map(({ key, value }) => (
          <div key={key}>
            <dt>{t(`figure.${key}`)}</dt>
            <dd>{formatNumber(value)}</dd>
          </div>
        ))}
      </dl>
      {h.message && <Alert type={h.state === 'failed' ? 'error' : 'info'} showIcon title={h.message} />}
      {h.undoing && h.kept > 0 && (
        <Alert
          type="info"
          showIcon
          title={t('run.keptTitle', { count: h.kept, shown: formatNumber(h.kept) })}
          description={t('run.keptText')}
        />
      )}
      {h.state === 'done' && h.moved === 0 && <p className={s.quiet}>{t('run.nothing')}</p>}
      <Outcome handover={h} />
      {h.deactivate && h.state === 'done' && <p className={s.quiet}>{t('run.deactivated')}</p>}
      {h.deactivate && h.state === 'undone' && <p className={s.quiet}>{t('run.activated')}</p>}
      <div className={s.foot}>
        {steps.cancel && (
          <Button loading={cancel.isPending} onClick={() => cancel.mutate(h.id, { onError: fail })}>
            {t('run.cancel')}
          </Button>
        )}
        {steps.undo && (
          <Button
            danger
            loading={undo.isPending}
            onClick={() =>
              void modal.confirm({
                title: t('run.undoTitle'),
                content: (
                  <>
                    <p>{t('run.undoText', { count: h.moved, shown: formatNumber(h.moved) })}</p>
                    {h.deactivate && <p>{t('run.undoActive')}</p>}
                  </>
                ),
                okText: t('run.undo'),
                okButtonProps: { danger: true },
                cancelText: app('action.cancel'),
                onOk: () => undo.mutateAsync(h.id).then(() => {}, fail),
              })
            }
          >
            {t('run.undo')}
          </Button>
        )}
        <span className={s.grow} />
        {actions}
        {steps.resume && (
          <Button
            type="primary"
            loading={resume.isPending}
            onClick={() => resume.mutate(h.id, { onError: fail })}
          >
            {t(h.undoing ? 'run.resumeUndo' : 'run.resume')}
          </Button>
        )}
      </div>
      {running && <p className={s.quiet}>{t('run.background')}</p>}
    </section>
  )
}
