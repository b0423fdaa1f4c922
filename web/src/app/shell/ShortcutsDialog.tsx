import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { modKey } from '@/ui/useShortcut'
import { Kbd } from '@/ui/values'
import css from './shell.module.css'

const rows = [
  { keys: [[modKey, 'K']], text: 'shortcut.palette' },
  { keys: [['/']], text: 'shortcut.search' },
  { keys: [['C']], text: 'shortcut.create' },
  { keys: [['Q']], text: 'shortcut.quick' },
  { keys: [['I']], text: 'shortcut.notifications' },
  { keys: [['J'], ['K'], ['↓'], ['↑']], text: 'shortcut.move' },
  { keys: [['Enter']], text: 'shortcut.open' },
  { keys: [['X']], text: 'shortcut.select' },
  { keys: [['F']], text: 'shortcut.find' },
  { keys: [['E']], text: 'shortcut.edit' },
  { keys: [['N']], text: 'shortcut.note' },
  { keys: [['G']], text: 'shortcut.claim' },
  { keys: [['S']], text: 'shortcut.stage' },
  { keys: [['D']], text: 'shortcut.arrange' },
  { keys: [['Esc']], text: 'shortcut.close' },
  { keys: [['?']], text: 'shortcut.help' },
] as const

export default function ShortcutsDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const { t } = useTranslation()
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('account.shortcuts')} width={440}>
      <dl className={css.keys}>
        {rows.map(({ keys, text }) => (
          <div key={text} className={css.keyRow}>
            <dt>{t(text)}</dt>
            <dd>
              {keys.map((combo) => (
                <span key={combo.join()} className={css.combo}>
                  {combo.map((k) => (
                    <Kbd key={k}>{k}</Kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
