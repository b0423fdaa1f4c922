import { useQuery } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, isApiError } from '@/api/client'
import { useSignIn } from '@/api/session'
import { standardRules, useSignInOffers } from '@/api/signIn'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { passwordHint, passwordRules, repeatRule } from '../password'
import { Door } from './Door'
import css from './sign-in.module.css'
import { useNext } from './useNext'

/** First start: the server printed a one-time link to here. */
export function SetupPage() {
  const { t } = useTranslation()
  const { token = '', workspace } = useSearch({ from: '/setup' })
  const offers = useSignInOffers(workspace ?? null).data
  const demanded = offers?.password ?? standardRules
  const router = useRouter()
  const goOn = useNext(undefined)
  const signIn = useSignIn()
  const [form] = Form.useForm<{ password: string }>()
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const link = { keepOn401: true, anonymous: true, workspace: workspace ?? null }
  const invited = useQuery({
    queryKey: ['setup', token, workspace],
    queryFn: () => api.get<{ login?: string } | undefined>('/setup', { query: { token }, ...link }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

  const submit = async ({ password }: { password: string }) => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const { login } = await api.post<{ login: string }>('/setup', { token, password }, link)
      const { moved } = await signIn.mutateAsync({
        login,
        password,
        // Said also where it is home: the browser may still have a session elsewhere.
        workspace: workspace ?? offers?.workspace?.name,
      })
      goOn(moved)
    } catch (e) {
      // The password is set; whatever else signing in takes is asked for there.
      if (isApiError(e) && e.status === 401) {
        void router.navigate({ to: '/sign-in', search: { workspace } })
        return
      }
      setTrouble(problemText(e) || t('state.failedText'))
    } finally {
      setBusy(false)
    }
  }

  if (invited.isPending) {
    return (
      <Door>
        <TextSkeleton />
      </Door>
    )
  }
  if (invited.isError) {
    const gone = 'status' in invited.error && invited.error.status !== 0 && Number(invited.error.status) < 500
    return (
      <Door>
        {gone ? (
          <>
            <h1 className={css.title}>{t('setup.invalid')}</h1>
            <p className={css.text}>{t(workspace ? 'setup.invalidWorkspace' : 'setup.invalidText')}</p>
            <Button block onClick={() => void router.navigate({ to: '/sign-in', search: { workspace } })}>
              {t('signIn.title')}
            </Button>
          </>
        ) : (
          <ErrorState error={invited.error} onRetry={() => void invited.refetch()} compact />
        )}
      </Door>
    )
  }
  const login = invited.data?.login
  return (
    <Door>
      <h1 className={css.title}>{t('setup.title')}</h1>
      <p className={css.text}>{login ? t('setup.text', { login }) : t('setup.textPlain')}</p>
      {trouble && <Alert className={css.alert} type="error" showIcon title={trouble} role="alert" />}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} disabled={busy}>
        {/* Lets the browser's password store know whose password this is. */}
        <input type="text" autoComplete="username" defaultValue={login ?? 'admin'} hidden readOnly />
        <Form.Item
          name="password"
          label={t('setup.password')}
          extra={passwordHint(t, demanded)}
          rules={passwordRules(t, demanded)}
        >
          <Input.Password size="large" autoFocus autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="repeat"
          label={t('setup.repeat')}
          dependencies={['password']}
          rules={[repeatRule(t, 'password')]}
        >
          <Input.Password size="large" autoComplete="new-password" />
        </Form.Item>
        <Button block type="primary" size="large" htmlType="submit" loading={busy}>
          {t('setup.submit')}
        </Button>
      </Form>
    </Door>
  )
}
