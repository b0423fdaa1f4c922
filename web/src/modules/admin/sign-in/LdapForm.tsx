import { App, Button, Checkbox, Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useRoles } from '@/api/roles'
import { type LdapInput, type LdapSettings, useChangeLdapSettings, useLdapSettings } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { LdapTest } from './LdapTest'
import css from './sign-in.module.css'

export function LdapCard() {
  const { t } = useTranslation('admin')
  const settings = useLdapSettings()
  return (
    <Card title={t('ldap.title')}>
      <p className={css.lead}>{t('ldap.text')}</p>
      {settings.isPending && <TextSkeleton lines={4} />}
      {settings.isError && (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} compact />
      )}
      {settings.data && (
        <>
          <LdapForm settings={settings.data} />
          {settings.data.address && <LdapTest />}
        </>
      )}
    </Card>
  )
}

const attributes = ['login_attribute', 'name_attribute', 'email_attribute', 'id_attribute'] as const

function LdapForm({ settings }: { settings: LdapSettings }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeLdapSettings()
  const roles = useRoles()
  const label = useLabel()
  const [form] = Form.useForm<LdapInput>()
  const address = Form.useWatch('address', form) ?? ''

  const save = ({ bind_password, ...values }: LdapInput) =>
    // An empty password keeps the one there is; without an account there is none.
    change.mutate(bind_password || !values.bind_dn ? { ...values, bind_password } : values, {
      onSuccess: () => {
        form.setFieldValue('bind_password', '')
        message.success(t('signIn.saved'))
      },
      onError: (e) => {
        const errors = isApiError(e) ? (e.problem.errors ?? []) : []
        form.setFields(errors.map((one) => ({ name: one.field as keyof LdapInput, errors: [one.message] })))
        if (errors.length === 0) message.error(problemText(e) || app('state.failedText'))
      },
    })

  const { bind_password: kept, ...shown } = settings
  return (
    <Form
      form={form}
      name="ldap"
      layout="vertical"
      requiredMark={false}
      initialValues={{ ...shown, bind_password: '' }}
      onFinish={save}
      disabled={change.isPending}
    >
      <Form.Item name="enabled" label={t('ldap.enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="address" label={t('ldap.address')} extra={t('ldap.addressHint')}>
        <Input spellCheck={false} placeholder="ldaps://dc.example.com:636" />
      </Form.Item>
      <Form.Item name="starttls" valuePropName="checked" hidden={address.startsWith('ldaps://')}>
        <Checkbox>{t('ldap.starttls')}</Checkbox>
      </Form.Item>
      <Form.Item name="ca" label={t('ldap.ca')} extra={t('ldap.caHint')}>
        <Input.TextArea spellCheck={false} autoSize={{ minRows: 1, maxRows: 8 }} />
      </Form.Item>
      <div className={css.pairs}>
        <Form.Item name="bind_dn" label={t('ldap.bind_dn')}>
          <Input spellCheck={false} autoComplete="off" placeholder="cn=reader,dc=example,dc=com" />
        </Form.Item>
        <Form.Item name="bind_password" label={t('ldap.bind_password')}>
          <Input.Password autoComplete="off" placeholder={kept ? t('ldap.passwordKept') : undefined} />
        </Form.Item>
      </div>
      <Form.Item name="base_dn" label={t('ldap.base_dn')}>
        <Input spellCheck={false} placeholder="ou=people,dc=example,dc=com" />
      </Form.Item>
      <Form.Item name="filter" label={t('ldap.filter')} extra={t('ldap.filterHint')}>
        <Input spellCheck={false} />
      </Form.Item>
      <div className={css.pairs}>
        {attributes.map((name) => (
          <Form.Item
            key={name}
            name={name}
            label={t(`ldap.${name}`)}
            extra={name === 'id_attribute' ? t('ldap.idHint') : undefined}
          >
            <Input spellCheck={false} />
          </Form.Item>
        ))}
        <Form.Item name="role" label={t('ldap.role')}>
          <Select options={(roles.data ?? []).map((r) => ({ value: r.code, label: label(r.label) }))} />
        </Form.Item>
      </div>
      <Form.Item name="create" valuePropName="checked">
        <Checkbox>{t('ldap.create')}</Checkbox>
      </Form.Item>
      <Form.Item name="link" valuePropName="checked" extra={t('ldap.linkHint')}>
        <Checkbox>{t('ldap.link')}</Checkbox>
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {app('action.save')}
      </Button>
    </Form>
  )
}
