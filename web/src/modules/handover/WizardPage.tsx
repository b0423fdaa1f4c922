import { useCanGoBack, useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Steps } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import { useHoldings } from '@/api/handovers'
import { useViewer } from '@/api/session'
import { useNarrow } from '@/records/parts/useNarrow'
import { Page } from '@/ui/Page'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useDraft } from '@/ui/useDraft'
import { ChooseStep } from './ChooseStep'
import css from './handover.module.css'
import { PreviewStep } from './PreviewStep'
import { type Choices, noChoices, partsOf, requestOf, troublesOf } from './plan'

/** Hands over what a person has: choose, look at what will happen, start. Its progress is a page of its own. */
export function WizardPage() {
  const { user } = useParams({ strict: false }) as { user: string }
  return <Wizard key={user} user={user} />
}

function Wizard({ user }: { user: string }) {
  const { t } = useTranslation('handover')
  const { t: admin } = useTranslation('admin')
  const navigate = useNavigate()
  const router = useRouter()
  const canGoBack = useCanGoBack()
  const administers = useMay('administer')
  const me = useViewer()
  const holdings = useHoldings(user)
  const { deactivate = false } = useSearch({ strict: false }) as { deactivate?: boolean }
  const draft = useDraft<Choices>(`handover:${user}`, { ...noChoices, deactivate })
  const [step, setStep] = useState<0 | 1>(0)
  const [asked, setAsked] = useState(false)
  const narrow = useNarrow()
  const top = useRef<HTMLDivElement>(null)
  const shown = useRef(step)
  // Whoever goes on with the keyboard goes on at the top of the step.
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    top.current?.focus()
    top.current?.scrollIntoView({ block: 'nearest' })
  }, [step])

  const held = holdings.data
  const title = held ? t('wizard.title', { name: held.user.title ?? '' }) : t('action')
  if (!held) {
    return (
      <Page title={title} narrow>
        {holdings.isError ? (
          <ErrorState error={holdings.error} onRetry={() => void holdings.refetch()} />
        ) : (
          <ListSkeleton rows={6} columns={3} />
        )}
      </Page>
    )
  }
  // Nobody closes his own account, or one that is closed.
  const mayClose = administers && held.active && user !== me.id
  const choices = { ...draft.value, deactivate: mayClose && draft.value.deactivate }
  const missing = troublesOf(held, choices)
  const words = { nothing: 'choose.nothing', recipient: 'needRecipient', filter: 'split.needFilter' } as const
  const troubles = new Map(asked ? [...missing].map(([place, trouble]) => [place, t(words[trouble])]) : [])
  const origins = partsOf(held, choices)
  const steps = [t('wizard.choose'), t('wizard.preview'), t('wizard.run')]
  const back = () => (canGoBack ? router.history.back() : void navigate({ to: '/admin/handovers' }))

  return (
    <Page title={title} narrow>
      <div ref={top} tabIndex={-1} className={css.top}>
        {narrow ? (
          <p className={css.where}>{`${step + 1} / ${steps.length} · ${steps[step]}`}</p>
        ) : (
          <Steps size="small" current={step} items={steps.map((name) => ({ title: name }))} />
        )}
      </div>
      {draft.restoredAt && step === 0 && (
        <Alert
          type="info"
          showIcon
          className={css.restored}
          title={admin('draft.restored')}
          action={
            <Button size="small" type="text" onClick={draft.clear}>
              {admin('draft.discard')}
            </Button>
          }
        />
      )}
      {step === 0 ? (
        <ChooseStep
          // What is thrown away is thrown away in the editors of filters too.
          key={draft.restoredAt ?? ''}
          holdings={held}
          choices={choices}
          mayClose={mayClose}
          troubles={troubles}
          onChange={draft.set}
          onCancel={back}
          onNext={() => {
            setAsked(true)
            if (missing.size === 0) setStep(1)
          }}
        />
      ) : (
        <PreviewStep
          from={held.user}
          origins={origins}
          request={requestOf(user, origins, choices)}
          onBack={() => setStep(0)}
          onStarted={(handover) => {
            draft.clear()
            void navigate({ to: '/admin/handovers/$id', params: { id: handover.id }, replace: true })
          }}
        />
      )}
    </Page>
  )
}
