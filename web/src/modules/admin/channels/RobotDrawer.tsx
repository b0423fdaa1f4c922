import { DeleteOutlined } from '@ant-design/icons'
import { App, Button, Checkbox, Drawer, Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/api/catalogue'
import {
  type KindOffer,
  type Robot,
  type RobotInput,
  robotFormats,
  useRemoveRobot,
  useSaveRobot,
} from '@/api/channels'
import { isApiError } from '@/api/client'
import type { FieldDef } from '@/api/types'
import { kindOf } from '@/fields'
import { focusStart } from '@/ui/focusStart'
import { problemText } from '@/ui/states'
import edit from '../edit/edit.module.css'
import { Trouble } from '../edit/Trouble'
import css from './channels.module.css'
import { type RobotValues, robotChanges } from './robot'

interface Props {
  robot?: Robot
  kinds: KindOffer[]
  onClose(): void
}

/** A robot of a chat group: where it is, and what it tells of whom. */
export function RobotDrawer({ robot, kinds, onClose }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message, modal } = App.useApp()
  const save = useSaveRobot()
  const remove = useRemoveRobot()
  const [form] = Form.useForm<RobotValues>()
  const format = Form.useWatch('format', form) ?? robot?.format ?? 'wecom'
  const forget = Form.useWatch('forget', form) === true

  const send = (values: RobotValues) =>
    save.mutate(
      { id: robot?.id, values: robotChanges(robot, values) },
      {
        onSuccess: (saved) => {
          message.success(t('robots.saved', { name: saved.name }))
          onClose()
        },
        onError: (e) => {
          const errors = isApiError(e) ? (e.problem.errors ?? []) : []
          form.setFields(
            errors.map((one) => ({ name: one.field as keyof RobotInput, errors: [one.message] })),
          )
        },
      },
    )
  const erase = (of: Robot) =>
    modal.confirm({
      title: t('robots.deleteAsk', { name: of.name }),
      content: t('robots.deleteText'),
      okText: app('action.delete'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync(of.id).then(onClose, (e: unknown) => {
          message.error(problemText(e) || app('state.failedText'))
        }),
    })
  const known = new Set(kinds.map((k) => k.kind))
  const groups = new Map<string, KindOffer[]>()
  for (const k of kinds) {
    const name = k.group.label || t('robots.general')
    groups.set(name, [...(groups.get(name) ?? []), k])
  }
  const beside = save.error && (save.error.problem.errors ?? []).length > 0

  return (
    <Drawer
      open
      size="min(560px, 100vw)"
      title={robot ? t('robots.editTitle', { name: robot.name }) : t('robots.add')}
      afterOpenChange={(shown) => shown && !robot && focusStart()}
      onClose={onClose}
      extra={
        robot && (
          <Button type="text" danger icon={<DeleteOutlined aria-hidden />} onClick={() => erase(robot)}>
            {app('action.delete')}
          </Button>
        )
      }
      footer={
        <div className={edit.foot}>
          <Button onClick={onClose}>{app('action.cancel')}</Button>
          <Button type="primary" loading={save.isPending} onClick={form.submit}>
            {app('action.save')}
          </Button>
        </div>
      }
    >
      <Trouble error={beside ? null : save.error} />
      <Form<RobotValues>
        data-form-start
        form={form}
        name="robot"
        layout="vertical"
        requiredMark={false}
        initialValues={{
          name: robot?.name ?? '',
          format: robot?.format ?? 'wecom',
          url: '',
          secret: '',
          forget: false,
          kinds: robot?.kinds ?? [],
          departments: robot?.departments ?? [],
          active: robot?.active ?? true,
        }}
        onFinish={send}
      >
        <Form.Item
          name="name"
          label={t('robots.name')}
          rules={[{ required: true, whitespace: true, message: t('robots.needName') }]}
        >
          <Input maxLength={100} placeholder={t('robots.nameHint')} />
        </Form.Item>
        <Form.Item name="format" label={t('robots.format')}>
          <Select options={robotFormats.map((f) => ({ value: f, label: t(`robots.formatOf.${f}`) }))} />
        </Form.Item>
        <Form.Item
          name="url"
          label={t('robots.url')}
          extra={t(`robots.urlHint.${format}`)}
          rules={[{ required: !robot, whitespace: true, message: t('robots.needUrl') }]}
        >
          <Input spellCheck={false} autoComplete="off" placeholder={robot?.url ?? 'https://'} />
        </Form.Item>
        <Form.Item name="secret" label={t('robots.secret')} extra={t('robots.secretHint')}>
          <Input.Password
            autoComplete="new-password"
            disabled={forget}
            placeholder={robot?.secret ? t('robots.secretKept') : undefined}
          />
        </Form.Item>
        <Form.Item name="forget" valuePropName="checked" hidden={!robot?.secret}>
          <Checkbox>{t('robots.forget')}</Checkbox>
        </Form.Item>
        <Form.Item
          name="kinds"
          label={t('robots.kinds')}
          rules={[{ required: true, type: 'array', min: 1, message: t('robots.needKinds') }]}
        >
          <Select
            mode="multiple"
            optionFilterProp="label"
            placeholder={t('robots.kindsHint')}
            options={[
              ...[...groups].map(([label, some]) => ({
                label,
                title: label,
                options: some.map((k) => ({ value: k.kind, label: k.label })),
              })),
              // What no definition knows any more can still be taken out.
              ...(robot?.kinds ?? []).filter((k) => !known.has(k)).map((k) => ({ value: k, label: k })),
            ]}
          />
        </Form.Item>
        <Form.Item name="departments" label={t('robots.departments')} extra={t('robots.departmentsHint')}>
          <Departments />
        </Form.Item>
        <Form.Item name="active" label={t('robots.active')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </Form>
      <p className={css.quiet}>{t('robots.privacy')}</p>
    </Drawer>
  )
}

/** Picked as in a filter, from the tree. */
function Departments({ value, onChange }: { value?: string[]; onChange?: (ids: string[]) => void }) {
  const department = useObject('department')
  const field: FieldDef = {
    name: 'departments',
    type: 'department',
    to: 'department',
    label: department?.label ?? { zh: '', en: '' },
    operators: ['in'],
  }
  const { Filter } = kindOf(field)
  return (
    <Filter
      field={field}
      op="in"
      value={value ?? []}
      onChange={(v) => onChange?.(Array.isArray(v) ? v.map(String) : [])}
    />
  )
}
