import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons'
import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useTryLdap } from '@/api/signIn'
import { problemText } from '@/ui/states'
import css from './sign-in.module.css'

interface Given {
  login?: string
  password?: string
}

/** Tries the settings as they are saved, step by step, with somebody's login and password where they are given. */
export function LdapTest() {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const trial = useTryLdap()
  const run = (given: Given) =>
    trial.mutate(given, { onError: (e) => void message.error(problemText(e) || app('state.failedText')) })
  return (
    <Form name="ldap-test" layout="vertical" requiredMark={false} onFinish={run} className={css.trial}>
      <h3>{t('ldap.test')}</h3>
      <p className={css.lead}>{t('ldap.testText')}</p>
      <div className={css.pairs}>
        <Form.Item name="login" label={t('ldap.testLogin')}>
          <Input spellCheck={false} autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t('ldap.testPassword')}>
          <Input.Password autoComplete="off" />
        </Form.Item>
      </div>
      <Button htmlType="submit" loading={trial.isPending}>
        {t('ldap.run')}
      </Button>
      {trial.data && (
        <ol className={css.list} aria-label={t('ldap.steps')} aria-live="polite">
          {trial.data.steps.map((step) => (
            <li key={step.step} className={css.step}>
              {step.ok ? (
                <CheckCircleFilled className={css.good} aria-label={t('ldap.worked')} />
              ) : (
                <CloseCircleFilled className={css.bad} aria-label={t('ldap.failed')} />
              )}
              <span className={css.who}>{step.text}</span>
            </li>
          ))}
        </ol>
      )}
    </Form>
  )
}
