import { Button, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { languages } from '@/locales'
import { useAppearance } from '../appearance'
import { useDocumentTitle } from '../useDocumentTitle'
import css from './sign-in.module.css'

/** The frame of the pages one sees before signing in. */
export function Door({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { choice, choose, language, speak } = useAppearance()
  useDocumentTitle(t('name'))
  return (
    <div className={css.page}>
      <main className={css.middle}>
        <div className={css.card}>
          <div className={css.brand}>
            <img src="/favicon.svg" alt="" width={36} height={36} />
            <span className={css.brandText}>
              <span className={css.name}>{t('name')}</span>
              <span className={css.tagline}>{t('tagline')}</span>
            </span>
          </div>
          {children}
        </div>
      </main>
      <footer className={css.foot}>
        {languages.map((l) => (
          <Button
            key={l}
            type="text"
            size="small"
            aria-pressed={language === l}
            className={language === l ? css.current : undefined}
            onClick={() => speak(l)}
          >
            {t(`language.${l}`)}
          </Button>
        ))}
        <Dropdown
          trigger={['click']}
          menu={{
            selectable: true,
            selectedKeys: [choice],
            items: (['light', 'dark', 'system'] as const).map((c) => ({ key: c, label: t(`theme.${c}`) })),
            onClick: ({ key }) => choose(key as typeof choice),
          }}
        >
          <Button type="text" size="small">
            {t('theme.label')} · {t(`theme.${choice}`)}
          </Button>
        </Dropdown>
      </footer>
    </div>
  )
}
