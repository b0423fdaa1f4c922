import { Checkbox, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isApiError, randomKey } from '@/api/client'
import { workspacePattern } from '@/api/workspace'
import { type NewWorkspace, type Setup, useCreateWorkspace, type WorkspaceInfo } from '@/api/workspaces'
import { focusStart } from '@/ui/focusStart'
import { Trouble } from '../edit/Trouble'

interface Props {
  onClose(): void
  onCreated(made: WorkspaceInfo & { setup?: Setup }): void
}

const names = ['title', 'name', 'demo', 'listed'] as const

export function NewWorkspaceDialog({ onClose, onCreated }: Props) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const create = useCreateWorkspace()
  const [form] = Form.useForm<NewWorkspace>()
  const [key, setKey] = useState(randomKey)
  const [trouble, setTrouble] = useState<Error>()

  const save = (input: NewWorkspace) => {
    setTrouble(undefined)
    create.mutate(
      { input: { ...input, title: input.title.trim() }, key },
      {
        onSuccess: onCreated,
        onError: (e) => {
          const errors = isApiError(e) ? (e.problem.errors ?? []) : []
          const here = errors.flatMap((one) => {
            const name = names.find((n) => n === one.field)
            return name ? [{ name, errors: [one.message] }] : []
          })
          form.setFields(here)
          if (here.length === 0) setTrouble(e)
          // Corrected input is another request.
          if (e.code !== 'offline') setKey(randomKey())
        },
      },
    )
  }

  return (
    <Modal
      afterOpenChange={(shown) => shown && focusStart()}
      open
      title={t('workspaces.add')}
      onCancel={onClose}
      onOk={form.submit}
      okText={app('action.create')}
      confirmLoading={create.isPending}
    >
      <Trouble error={trouble} />
      <Form
        data-form-start
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={create.isPending}
        initialValues={{ title: '', name: '', demo: false, listed: false }}
        onFinish={save}
      >
        <Form.Item
          name="title"
          label={t('workspaces.titleOf')}
          rules={[{ required: true, whitespace: true, message: t('workspaces.needTitle') }]}
        >
          <Input autoFocus maxLength={80} placeholder={t('workspaces.titleHint')} />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('workspaces.name')}
          extra={t('workspaces.nameHint')}
          validateTrigger="onSubmit"
          rules={[{ required: true, pattern: workspacePattern, message: t('workspaces.nameRule') }]}
        >
          <Input maxLength={40} autoCapitalize="none" autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item name="demo" valuePropName="checked" extra={t('workspaces.demoText')}>
          <Checkbox>{t('workspaces.demo')}</Checkbox>
        </Form.Item>
        <Form.Item name="listed" valuePropName="checked" extra={t('workspaces.listedText')}>
          <Checkbox>{t('workspaces.listedLong')}</Checkbox>
        </Form.Item>
        {/* The dialog's own button stands outside the form; this one makes Enter work. */}
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
