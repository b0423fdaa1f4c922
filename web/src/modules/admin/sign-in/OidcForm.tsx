import { App, Button, Checkbox, Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useRoles } from '@/api/roles'
import {
  type OidcInput,
  type OidcSettings,
  oidcLinks,
  useChangeOidcSettings,
  useOidcSettings,
} from '@/api/signIn'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import css from './sign-in.module.css'

export function OidcCard() {
  const { t } = useTranslation('admin')
  const settings = useOidcSettings()
  return (
    <Card title={t('oidc.title')}>
      <p className={css.lead}>{t('oidc.text')}</p>
      {settings.isPending && <TextSkeleton lines={4} />}
      {settings.isError && (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} compact />
      )}
      {settings.data && <OidcForm settings={settings.data} />}
    </Card>
  )
}

function OidcForm({ settings }: { settings: OidcSettings }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeOidcSettings()
  const roles = useRoles()
  const label = useLabel()
  const [form] = Form.useForm<OidcInput>()
  const page = Form.useWatch('page', form) ?? ''

  const save = ({ client_secret, ...values }: OidcInput) =>
    // An empty secret keeps the one there is.
    change.mutate(client_secret ? { ...values, client_secret } : values, {
      onSuccess: () => {
        form.setFieldValue('client_secret', '')
        message.success(t('signIn.saved'))
      },
      onError: (e) => {
        const errors = isApiError(e) ? (e.problem.errors ?? []) : []
        form.setFields(errors.map((one) => ({ name: one.field as keyof OidcInput, errors: [one.message] })))
        if (errors.length === 0) message.error(problemText(e) || app('state.failedText'))
      },
    })

  const { client_secret: kept, redirect: _redirect, ...shown } = settings
  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ ...shown, client_secret: '', page: settings.page || window.location.origin }}
      onFinish={save}
      disabled={change.isPending}
    >
      <Form.Item name="enabled" label={t('oidc.enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="issuer" label={t('oidc.issuer')} extra={t('oidc.issuerHint')}>
        <Input spellCheck={false} />
      </Form.Item>
      <div className={css.pairs}>
        <Form.Item name="client_id" label={t('oidc.client_id')}>
          <Input spellCheck={false} autoComplete="off" />
        </Form.Item>
        <Form.Item name="client_secret" label={t('oidc.client_secret')}>
          <Input.Password autoComplete="off" placeholder={kept ? t('oidc.secretKept') : undefined} />
        </Form.Item>
      </div>
      <Form.Item
        name="page"
        label={t('oidc.page')}
        extra={
          <>
            {t('oidc.redirect')} <code>{`${page.replace(/\/+$/, '')}/api/v1/oidc/callback`}</code>
          </>
        }
      >
        <Input spellCheck={false} />
      </Form.Item>
      <div className={css.pairs}>
        <Form.Item name="label" label={t('oidc.label')}>
          <Input />
        </Form.Item>
        <Form.Item name="login_claim" label={t('oidc.login_claim')}>
          <Input spellCheck={false} />
        </Form.Item>
        <Form.Item name="scopes" label={t('oidc.scopes')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} />
        </Form.Item>
        <Form.Item name="link" label={t('oidc.link')}>
          <Select options={oidcLinks.map((k) => ({ value: k, label: t(`oidc.linkOf.${k}`) }))} />
        </Form.Item>
        <Form.Item name="role" label={t('oidc.role')}>
          <Select options={(roles.data ?? []).map((r) => ({ value: r.code, label: label(r.label) }))} />
        </Form.Item>
      </div>
      <Form.Item name="create" valuePropName="checked">
        <Checkbox>{t('oidc.create')}</Checkbox>
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {app('action.save')}
      </Button>
    </Form>
  )
}
