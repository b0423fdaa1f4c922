import { App, Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useMay } from '@/api/catalogue'
import { useDecideExport, useWaitingExports, type WaitingExport } from '@/api/settings'
import { Person } from '@/ui/Avatar'
import { formatNumber } from '@/ui/number'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, NoPermission, problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { Dash, RelativeTime } from '@/ui/values'
import css from './safety.module.css'

/** Exports that are so large that an administrator decides on them. */
export function ExportsPage() {
  const { t } = useTranslation('admin')
  const admin = useMay('administer')
  const waiting = useWaitingExports({ enabled: admin })
  return (
    <Page title={t('exports.title')} text={t('exports.text')}>
      {!admin ? (
        <NoPermission />
      ) : waiting.isError ? (
        <ErrorState error={waiting.error} onRetry={() => void waiting.refetch()} />
      ) : waiting.isPending ? (
        <ListSkeleton rows={3} />
      ) : waiting.data.length === 0 ? (
        <EmptyState title={t('exports.none')} text={t('exports.noneText')} />
      ) : (
        <ul className={css.exports}>
          {waiting.data.map((item) => (
            <Waiting key={item.id} item={item} />
          ))}
        </ul>
      )}
    </Page>
  )
}

function Waiting({ item }: { item: WaitingExport }) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { objects } = useCatalogue()
  const { modal, message } = App.useApp()
  const decide = useDecideExport()
  const object = objects[item.object]
  const name = object ? label(object.plural) : item.object === 'audit' ? t('audit.title') : item.object
  const run = (verb: 'approve' | 'reject', reason?: string) =>
    decide
      .mutateAsync({ id: item.id, verb, reason })
      .then(() => void message.success(t(verb === 'approve' ? 'exports.approved' : 'exports.rejected')))
      .catch((error) => void message.error(problemText(error) || t('state.failedText', { ns: 'app' })))
  const reject = () => {
    let reason = ''
    modal.confirm({
      title: t('exports.rejectAsk'),
      content: (
        <Input.TextArea
          aria-label={t('exports.reason')}
          placeholder={t('exports.reason')}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          onChange={(e) => {
            reason = e.target.value
          }}
        />
      ),
      okText: t('exports.reject'),
      okButtonProps: { danger: true },
      onOk: () => run('reject', reason.trim() || undefined),
    })
  }
  return (
    <li className={css.export}>
      <span className={css.who}>{item.user ? <Person who={item.user} /> : <Dash />}</span>
      <span className={css.what}>
        <strong>
          {t('exports.rows', { count: item.size ?? 0, shown: formatNumber(item.size ?? 0), name })}
        </strong>
        <span className={css.quiet}>
          {item.file_name} · <RelativeTime value={item.created_at} />
        </span>
        {item.filter !== null && <code className={css.filter}>{JSON.stringify(item.filter)}</code>}
      </span>
      <Button onClick={reject} disabled={decide.isPending}>
        {t('exports.reject')}
      </Button>
      <Button type="primary" loading={decide.isPending} onClick={() => void run('approve')}>
        {t('exports.approve')}
      </Button>
    </li>
  )
}
