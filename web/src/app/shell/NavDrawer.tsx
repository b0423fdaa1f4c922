import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { Sidebar } from './Sidebar'

/** The navigation of a phone. */
export default function NavDrawer({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Drawer
      open={open}
      onClose={onClose}
      placement="left"
      size={264}
      closable={false}
      styles={{ body: { padding: 0 } }}
      aria-label={t('nav.label')}
    >
      <Sidebar onNavigate={onClose} />
    </Drawer>
  )
}
