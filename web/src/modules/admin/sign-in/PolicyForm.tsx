import { App, Button, Checkbox, Form, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { isApiError } from '@/api/client'
import { useRoles } from '@/api/roles'
import { passwordKinds, type SignInSettings, useChangeSignInSettings } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import css from './sign-in.module.css'

const hinted = ['history', 'max_age_days', 'address_lock_after'] as const

export function PolicyForm({ settings }: { settings: SignInSettings }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeSignInSettings()
  const [form] = Form.useForm<SignInSettings>()
  const forAll = Form.useWatch('totp_for_all', form) === true
  const roles = useRoles()
  const label = useLabel()

  const save = (values: SignInSettings) =>
    change.mutate(values, {
      onSuccess: () => void message.success(t('signIn.saved')),
      onError: (e) => {
        const errors = isApiError(e) ? (e.problem.errors ?? []) : []
        form.setFields(
          errors.map((one) => ({ name: one.field as keyof SignInSettings, errors: [one.message] })),
        )
        if (errors.length === 0) message.error(problemText(e) || app('state.failedText'))
      },
    })

  const figure = (
    name: Exclude<keyof SignInSettings, 'kinds' | 'totp_for_all' | 'totp_roles'>,
    [min, max]: [number, number],
  ) => (
    <Form.Item
      name={name}
      label={t(`signIn.${name}`)}
      extra={
        (hinted as readonly string[]).includes(name)
          ? t(`signIn.${name as (typeof hinted)[number]}Hint`)
          : undefined
      }
      rules={[{ required: true, message: app('state.range', { min, max }), type: 'number', min, max }]}
    >
      <InputNumber min={min} max={max} precision={0} className={css.figure} />
    </Form.Item>
  )

  return (
    <Form
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={settings}
      onFinish={save}
      disabled={change.isPending}
    >
      <Card title={t('signIn.passwords')}>
        <p className={css.lead}>{t('signIn.passwordsText')}</p>
        <div className={css.pairs}>
          {figure('min_length', [8, 64])}
          <Form.Item name="kinds" label={t('signIn.kinds')}>
            <Select options={passwordKinds.map((k) => ({ value: k, label: t(`signIn.kindsOf.${k}`) }))} />
          </Form.Item>
          {figure('history', [0, 24])}
          {figure('max_age_days', [0, 3650])}
        </div>
      </Card>
      <Card title={t('signIn.lockout')}>
        <p className={css.lead}>{t('signIn.lockoutText')}</p>
        <div className={css.pairs}>
          {figure('lock_after', [3, 100])}
          {figure('lock_minutes', [1, 1440])}
          {figure('address_lock_after', [0, 100_000])}
        </div>
      </Card>
      <Card title={t('signIn.totp')}>
        <p className={css.lead}>{t('signIn.totpText')}</p>
        <Form.Item name="totp_for_all" valuePropName="checked">
          <Checkbox>{t('signIn.totp_for_all')}</Checkbox>
        </Form.Item>
        <Form.Item name="totp_roles" label={t('signIn.totp_roles')}>
          <Select
            mode="multiple"
            disabled={forAll}
            optionFilterProp="label"
            options={(roles.data ?? []).map((r) => ({ value: r.code, label: label(r.label) }))}
          />
        </Form.Item>
      </Card>
      <Button type="primary" htmlType="submit" loading={change.isPending} className={css.save}>
        {app('action.save')}
      </Button>
    </Form>
  )
}
