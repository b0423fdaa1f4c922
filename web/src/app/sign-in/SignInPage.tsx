import { useRouter, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useSignIn } from '@/api/session'
import { problemText } from '@/ui/states'
import { Door } from './Door'
import css from './sign-in.module.css'

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

export function SignInPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/sign-in' })
  const router = useRouter()
  const signIn = useSignIn()
  const [left, wait] = useCountdown()
  const { error } = signIn

  const submit = (values: { login: string; password: string }) => {
    signIn.mutate(
      { login: values.login.trim(), password: values.password },
      {
        onSuccess: () => router.history.push(search.next ?? '/'),
        onError: (e) => {
          if (isApiError(e) && e.retryAfter) wait(e.retryAfter)
        },
      },
    )
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
    } else if (isApiError(error) && error.status === 401) trouble = t('signIn.wrong')
    else trouble = problemText(error) || t('signIn.failed')
  }

  return (
    <Door>
      <h1 className="gx-visually-hidden">{t('signIn.title')}</h1>
      {trouble ? (
        <Alert className={css.alert} type="error" showIcon title={trouble} role="alert" />
      ) : (
        search.expired && (
          <Alert className={css.alert} type="info" showIcon title={t('signIn.expired')} role="status" />
        )
      )}
      <Form
        layout="vertical"
        requiredMark={false}
        onFinish={submit}
        disabled={signIn.isPending}
        validateTrigger="onSubmit"
      >
        <Form.Item
          name="login"
          label={t('signIn.login')}
          rules={[{ required: true, whitespace: true, message: t('signIn.needLogin') }]}
        >
          <Input size="large" autoFocus autoComplete="username" autoCapitalize="none" spellCheck={false} />
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
      <p className={css.hint}>{t('signIn.forgot')}</p>
    </Door>
  )
}
