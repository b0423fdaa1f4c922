import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { WorkspaceRef } from '@/api/signIn'

interface Props {
  id: string
  value: string
  home?: WorkspaceRef
  listed: WorkspaceRef[]
  onChange(name: string): void
  /** Another one, whose name one has to know. */
  onOther(): void
}

// No name begins with a digit.
const OTHER = '0'

export default function WorkspaceSelect({ id, value, home, listed, onChange, onOther }: Props) {
  const { t } = useTranslation()
  return (
    <Select
      id={id}
      size="large"
      value={value === home?.name ? '' : value}
      showSearch={listed.length > 8 ? { optionFilterProp: 'label' } : false}
      options={[
        { value: '', label: home?.title || t('signIn.defaultWorkspace') },
        ...listed
          .filter((w) => w.name !== home?.name)
          .map((w) => ({ value: w.name, label: w.title || w.name })),
        { value: OTHER, label: t('signIn.unlistedWorkspace') },
      ]}
      onChange={(name: string) => (name === OTHER ? onOther() : onChange(name))}
    />
  )
}
