import { App, Button, Checkbox, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type MailInput,
  type MailSettings,
  securities,
  useChangeMail,
  useMailSettings,
  useTestMail,
} from '@/api/channels'
import { isApiError } from '@/api/client'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import css from './channels.module.css'
import { Outcome, type Tried } from './Outcome'

export function MailCard() {
  const { t } = useTranslation('admin')
  const settings = useMailSettings()
  return (
    <Card title={t('mail.title')}>
      <p className={css.lead}>{t('mail.text')}</p>
      {settings.isPending && <TextSkeleton lines={5} />}
      {settings.isError && !settings.data && (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} compact />
      )}
      {settings.data && (
        <>
          <MailForm settings={settings.data} />
          {settings.data.host !== '' && <TestMail />}
        </>
      )}
    </Card>
  )
}

/** Where each kind of security is usually listened for. */
const ports = { tls: 465, starttls: 587, none: 25 } as const

type Values = MailInput & { forget?: boolean }

function MailForm({ settings }: { settings: MailSettings }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeMail()
  const [form] = Form.useForm<Values>()
  const forget = Form.useWatch('forget', form) === true
  const { password: kept, ...shown } = settings

  const save = ({ password, forget: drop, ...values }: Values) =>
    // An empty password keeps the one there is, unless it is to be removed.
    change.mutate(
      { ...values, ...(drop ? { password: '' } : password ? { password } : {}) },
      {
        onSuccess: () => {
          form.setFieldsValue({ password: '', forget: false })
          message.success(t('channels.saved'))
        },
        onError: (e) => {
          const errors = isApiError(e) ? (e.problem.errors ?? []) : []
          form.setFields(errors.map((one) => ({ name: one.field as keyof Values, errors: [one.message] })))
          if (errors.length === 0) message.error(problemText(e) || app('state.failedText'))
        },
      },
    )

  return (
    <Form
      form={form}
      name="mail"
      layout="vertical"
      requiredMark={false}
      initialValues={{
        ...shown,
        page_address: settings.page_address || window.location.origin,
        password: '',
        forget: false,
      }}
      onFinish={save}
      onValuesChange={(changed: Values) => {
        // The port goes along as long as it is one of the usual ones.
        const { security } = changed
        if (security && Object.values<number>(ports).includes(form.getFieldValue('port')))
          form.setFieldValue('port', ports[security])
      }}
      disabled={change.isPending}
    >
      <Form.Item name="enabled" label={t('mail.enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <div className={css.server}>
        <Form.Item name="host" label={t('mail.host')}>
          <Input spellCheck={false} placeholder="smtp.exmail.qq.com" />
        </Form.Item>
        <Form.Item name="security" label={t('mail.security')}>
          <Select options={securities.map((s) => ({ value: s, label: t(`mail.securityOf.${s}`) }))} />
        </Form.Item>
        <Form.Item
          name="port"
          label={t('mail.port')}
          rules={[
            {
              required: true,
              type: 'integer',
              min: 1,
              max: 65535,
              message: app('state.range', { min: 1, max: 65535 }),
            },
          ]}
        >
          <InputNumber min={1} max={65535} precision={0} className={css.whole} />
        </Form.Item>
      </div>
      <div className={css.pairs}>
        <Form.Item name="user" label={t('mail.user')}>
          <Input spellCheck={false} autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t('mail.password')} extra={t('mail.passwordHint')}>
          <Input.Password
            autoComplete="new-password"
            disabled={forget || change.isPending}
            placeholder={kept ? t('mail.passwordKept') : undefined}
          />
        </Form.Item>
      </div>
      <Form.Item name="forget" valuePropName="checked" hidden={!kept}>
        <Checkbox>{t('mail.forget')}</Checkbox>
      </Form.Item>
      <div className={css.pairs}>
        <Form.Item name="from" label={t('mail.from')} extra={t('mail.fromHint')}>
          <Input spellCheck={false} placeholder="Guanxi <crm@example.com>" />
        </Form.Item>
        <Form.Item name="page_address" label={t('mail.page')} extra={t('mail.pageHint')}>
          <Input spellCheck={false} />
        </Form.Item>
      </div>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {app('action.save')}
      </Button>
    </Form>
  )
}

/** Sends with the settings as they are saved. */
function TestMail() {
  const { t } = useTranslation('admin')
  const test = useTestMail()
  const [tried, setTried] = useState<Tried>()
  const run = ({ to }: { to: string }) => {
    setTried(undefined)
    test.mutate(to.trim(), {
      onSuccess: () => setTried({ ok: true, text: t('mail.sent', { to: to.trim() }) }),
      onError: (e) => setTried({ ok: false, text: e.forField('to') ?? problemText(e) }),
    })
  }
  return (
    <Form name="mail-test" layout="vertical" requiredMark={false} onFinish={run} className={css.trial}>
      <h3>{t('mail.test')}</h3>
      <p className={css.lead}>{t('mail.testText')}</p>
      <div className={css.testLine}>
        <Form.Item
          name="to"
          label={t('mail.to')}
          rules={[{ required: true, type: 'email', message: t('mail.needTo') }]}
        >
          <Input type="email" spellCheck={false} placeholder="a@example.com" />
        </Form.Item>
        <Button htmlType="submit" loading={test.isPending}>
          {t('mail.send')}
        </Button>
      </div>
      <Outcome tried={tried} />
    </Form>
  )
}
