import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { languages } from '@/locales'
import { useAppearance } from '../appearance'
import { useDocumentTitle } from '../useDocumentTitle'
import css from './sign-in.module.css'

const choices = ['light', 'dark', 'system'] as const

/** The frame of the pages one sees before signing in. */
export function Door({
  title,
  children,
}: {
  /** Of the workspace, where it may be told. */ title?: string
  children: ReactNode
}) {
  const { t } = useTranslation()
  const { choice, choose, language, speak } = useAppearance()
  // One button that goes round: a menu for three choices would be a tenth of what this first page loads.
  const next = choices[(choices.indexOf(choice) + 1) % choices.length] ?? 'system'
  useDocumentTitle(t('name'))
  return (
    <div className={css.page}>
      <main className={css.middle}>
        <div className={css.card}>
          <div className={css.brand}>
            <img src="/favicon.svg" alt="" width={36} height={36} />
            <span className={css.brandText}>
              <span className={css.name}>{t('name')}</span>
              <span className={css.tagline}>{title || t('tagline')}</span>
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
        <Button type="text" size="small" onClick={() => choose(next)}>
          {t('theme.label')} · {t(`theme.${choice}`)}
        </Button>
      </footer>
    </div>
  )
}
