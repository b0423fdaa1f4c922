import { DeleteOutlined, SnippetsOutlined } from '@ant-design/icons'
import { Button, Dropdown, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePreference } from '@/api/session'
import css from './quick.module.css'

export interface Template {
  name: string
  text: string
}

const shipped = ['noAnswer', 'intro', 'quote', 'visit', 'service'] as const
const MOST = 30

/** Whatever a preference holds, only what is a template is taken for one. */
export const templatesIn = (value: unknown): Template[] =>
  (Array.isArray(value) ? value : []).filter(
    (t): t is Template => typeof t?.name === 'string' && typeof t?.text === 'string' && t.text !== '',
  )

interface Props {
  text: string
  onPick(text: string): void
}

/** Texts one writes again and again: one's own, and those that come with the page. */
export function Templates({ text, onPick }: Props) {
  const { t } = useTranslation('quick')
  const [kept, keep] = usePreference<unknown>('follow_up_templates', [])
  const own = templatesIn(kept)
  const [managing, setManaging] = useState(false)
  const save = () => {
    const line = text.trim()
    if (line === '' || own.some((o) => o.text === line)) return
    keep([...own, { name: line.slice(0, 20), text: line.slice(0, 1000) }].slice(-MOST))
  }
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...own.map((o, i) => ({ key: `own:${i}`, label: o.name || o.text.slice(0, 20), title: o.text })),
            ...(own.length > 0 ? [{ type: 'divider' as const }] : []),
            ...shipped.map((name) => ({
              key: `shipped:${name}`,
              label: t(`template.${name}.name`),
              title: t(`template.${name}.text`),
            })),
            { type: 'divider' as const },
            { key: 'save', label: t('template.save'), disabled: text.trim() === '' },
            { key: 'manage', label: t('template.manage'), disabled: own.length === 0 },
          ],
          onClick: ({ key }) => {
            const [where, which = ''] = key.split(':')
            if (where === 'own') onPick(own[Number(which)]?.text ?? '')
            else if (where === 'shipped') onPick(t(`template.${which as (typeof shipped)[number]}.text`))
            else if (where === 'save') save()
            else setManaging(true)
          },
        }}
      >
        <Button size="small" type="text" icon={<SnippetsOutlined aria-hidden />}>
          {t('template.title')}
        </Button>
      </Dropdown>
      <Modal
        open={managing}
        title={t('template.manage')}
        onCancel={() => setManaging(false)}
        footer={null}
        destroyOnHidden
      >
        {own.length === 0 && <p>{t('template.none')}</p>}
        <ul className={css.templates}>
          {own.map((o, i) => {
            const change = (next: Partial<Template>) =>
              keep(own.map((x, at) => (at === i ? { ...x, ...next } : x)))
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a template is its place in the list
              <li key={i}>
                <Input
                  value={o.name}
                  maxLength={40}
                  aria-label={t('template.name')}
                  onChange={(e) => change({ name: e.target.value })}
                />
                <Input.TextArea
                  defaultValue={o.text}
                  maxLength={1000}
                  autoSize={{ minRows: 1, maxRows: 6 }}
                  aria-label={t('template.text')}
                  // An emptied one would be none any more in the midst of typing.
                  onBlur={(e) => e.target.value.trim() !== '' && change({ text: e.target.value })}
                />
                <Button
                  type="text"
                  danger
                  icon={<DeleteOutlined aria-hidden />}
                  aria-label={t('template.delete', { name: o.name })}
                  onClick={() => keep(own.filter((_, at) => at !== i))}
                />
              </li>
            )
          })}
        </ul>
      </Modal>
    </>
  )
}
