import { Form, Input, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useChangeWorkspace, type WorkspaceInfo } from '@/api/workspaces'
import { focusStart } from '@/ui/focusStart'
import { Trouble } from '../edit/Trouble'

/** Another title. The name stays: it is in addresses and on the disk. */
export function RenameDialog({ workspace, onClose }: { workspace: WorkspaceInfo; onClose(): void }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const change = useChangeWorkspace()
  const [form] = Form.useForm<{ title: string }>()
  const trouble = change.error?.forField('title')
  const save = ({ title }: { title: string }) =>
    change.mutate({ workspace, changes: { title: title.trim() } }, { onSuccess: onClose })
  return (
    <Modal
      afterOpenChange={(shown) => shown && focusStart()}
      open
      title={t('workspaces.renameTitle', { title: workspace.title || workspace.name })}
      onCancel={onClose}
      onOk={form.submit}
      okText={app('action.save')}
      confirmLoading={change.isPending}
    >
      <Trouble error={trouble ? null : change.error} />
      <Form
        data-form-start
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={change.isPending}
        initialValues={{ title: workspace.title }}
        onFinish={save}
      >
        <Form.Item
          name="title"
          label={t('workspaces.titleOf')}
          rules={[{ required: true, whitespace: true, message: t('workspaces.needTitle') }]}
          {...(trouble && { validateStatus: 'error' as const, help: trouble })}
        >
          <Input autoFocus maxLength={80} />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  )
}
