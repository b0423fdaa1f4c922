import { useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiError, isApiError } from '@/api/client'
import { type SignInInput, useSession, useSignIn } from '@/api/session'
import type { Enrolment, PasswordRules } from '@/api/signIn'
import { lastWorkspace, tabWorkspace } from '@/api/workspace'
import { TextSkeleton } from '@/ui/Skeletons'
import { problemText } from '@/ui/states'
import { Door } from './Door'
import { ProviderButton } from './ProviderButton'
import css from './sign-in.module.css'
import { useNext } from './useNext'
import { useWorkspaceChoice } from './useWorkspaceChoice'
import { WorkspaceField } from './WorkspaceField'

/** Seconds that remain of a wait the server asked for. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])
  return [left, setLeft]
}

// Most people never come to these; the first page of all stays small.
const NewPasswordStep = lazy(() => import('./NewPasswordStep').then((m) => ({ default: m.NewPasswordStep })))
const CodeStep = lazy(() => import('./CodeStep').then((m) => ({ default: m.CodeStep })))
const CodesStep = lazy(() => import('./CodesStep').then((m) => ({ default: m.CodesStep })))

const problems = [
  'oidc_state',
  'oidc_refused',
  'oidc_unknown_user',
  'oidc_taken',
  'oidc_unreachable',
  'address_not_allowed',
] as const
const isKnown = (code: string | undefined): code is (typeof problems)[number] =>
  (problems as readonly (string | undefined)[]).includes(code)

/** What is asked for after the password. */
type Step = { kind: 'password'; rules: PasswordRules } | { kind: 'code'; enrolment?: Enrolment }

function stepOf(e: ApiError): Step | undefined {
  if (e.code === 'password_expired' && e.problem.password) {
    return { kind: 'password', rules: e.problem.password }
  }
  if (e.code === 'totp_required') return { kind: 'code' }
  if (e.code === 'totp_enrolment_required') return { kind: 'code', enrolment: e.problem.enrolment }
  return undefined
}

export function SignInPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const signIn = useSignIn()
  const session = useSession().data
  const workspace = useWorkspaceChoice(search)
  const [left, wait] = useCountdown()
  const { error } = signIn

  const [given, setGiven] = useState<SignInInput>()
  const [step, setStep] = useState<Step>()
  const [codes, setCodes] = useState<string[]>()
  const [moved, setMoved] = useState(false)
  const goOn = useNext(search.next)

  /** The same request again, with what the server asked for besides. */
  const submit = (input: SignInInput) => {
    setGiven(input)
    signIn.mutate(input, {
      onSuccess: (done) => {
        setMoved(done.moved)
        if (done.codes) setCodes(done.codes)
        else goOn(done.moved)
      },
      onError: (e) => {
        // The step stays; only its code is asked for again.
        if (!isApiError(e) || e.code === 'totp_wrong') return
        if (e.retryAfter) wait(e.retryAfter)
        const next = stepOf(e)
        if (next) {
          setStep(next)
          // A step is no failure.
          signIn.reset()
        } else if (e.status === 401 || e.status === 429) setStep(undefined)
      },
    })
  }
  const back = () => {
    setStep(undefined)
    setGiven(undefined)
    signIn.reset()
  }

  let trouble: string | undefined
  if (error) {
    if (isApiError(error, 'offline')) trouble = `${t('state.offline')} · ${t('signIn.failed')}`
    else if (isApiError(error) && error.status === 429) {
      trouble =
        left > 0
          ? t('signIn.tooMany', { seconds: left })
          : error.retryAfter
            ? undefined
            : t('signIn.tooManyLater')
    } else if (isApiError(error, 'totp_wrong')) trouble = t('signIn.codeWrong')
    else if (isApiError(error) && error.status === 401)
      trouble = t(workspace.away ? 'signIn.wrongWorkspace' : 'signIn.wrong')
    else trouble = problemText(error) || t('signIn.failed')
  }

  // Another tab of this browser signed in to another workspace, which ended what this one had.
  const elsewhere = !search.switch && tabWorkspace() !== undefined && lastWorkspace() !== tabWorkspace()
  const refused = isApiError(error) ? error.forField('new_password') : undefined
  if (codes) {
    return (
      <Door>
        <Suspense fallback={<TextSkeleton />}>
          <CodesStep codes={codes} onDone={() => goOn(moved)} />
        </Suspense>
      </Door>
    )
  }
  if (step && given) {
    return (
      <Door>
        {trouble && !refused && (
          <Alert className={css.alert} type="error" showIcon title={trouble} role="alert" />
        )}
        <Suspense fallback={<TextSkeleton />}>
          {step.kind === 'password' ? (
            <NewPasswordStep
              login={given.login}
              rules={step.rules}
              busy={signIn.isPending}
              trouble={refused}
              onSubmit={(password) => submit({ ...given, new_password: password })}
              onBack={back}
            />
          ) : (
            <CodeStep
              login={given.login}
              enrolment={step.enrolment}
              busy={signIn.isPending}
              onSubmit={(code) => submit({ ...given, code })}
              onBack={back}
            />
          )}
        </Suspense>
      </Door>
    )
  }
  return (
    <Door title={workspace.title}>
      <h1 className="gx-visually-hidden">{t('signIn.title')}</h1>
      {trouble ? (
        <Alert className={css.alert} type="error" showIcon title={trouble} role="alert" />
      ) : isKnown(search.problem) ? (
        <Alert
          className={css.alert}
          type="error"
          showIcon
          title={t(`signIn.problem.${search.problem}`)}
          role="alert"
        />
      ) : (
        (search.expired || elsewhere) && (
          <Alert
            className={css.alert}
            type="info"
            showIcon
            title={t(elsewhere ? 'signIn.elsewhere' : 'signIn.expired')}
            role="status"
          />
        )
      )}
      <Form
        layout="vertical"
        requiredMark={false}
        initialValues={{ login: given?.login }}
        onFinish={(values: { login: string; password: string }) => {
          if (!workspace.check()) return
          submit({ login: values.login.trim(), password: values.password, workspace: workspace.name })
        }}
        disabled={signIn.isPending}
        validateTrigger="onSubmit"
      >
        {workspace.open && (
          <WorkspaceField
            value={workspace.value}
            offers={workspace.offers}
            trouble={workspace.wrong ? t('signIn.badWorkspace') : undefined}
            autoFocus={workspace.opened}
            onChange={workspace.choose}
          />
        )}
        <Form.Item
          name="login"
          label={t('signIn.login')}
          rules={[{ required: true, whitespace: true, message: t('signIn.needLogin') }]}
        >
          <Input
            size="large"
            autoFocus={!workspace.opened}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('signIn.needPassword') }]}
        >
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Button
          block
          type="primary"
          size="large"
          htmlType="submit"
          loading={signIn.isPending}
          disabled={left > 0}
        >
          {t('signIn.submit')}
        </Button>
      </Form>
      <ProviderButton label={workspace.provider} next={search.next} workspace={workspace.name} />
      <p className={css.hint}>{t('signIn.forgot')}</p>
      {workspace.closed && (
        <Button block type="link" size="small" className={css.other} onClick={workspace.show}>
          {t('signIn.otherWorkspace')}
        </Button>
      )}
      {search.switch && session && (
        <Button
          block
          type="link"
          size="small"
          className={css.other}
          onClick={() => void router.navigate({ to: '/' })}
        >
          {t('signIn.stay')}
        </Button>
      )}
    </Door>
  )
}
