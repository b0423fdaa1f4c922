import { App, ConfigProvider } from 'antd'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { savePreference, useSession } from '@/api/session'
import { antdLocale, currentLanguage, type Language, languages, setLanguage } from '@/locales'
import {
  antdTheme,
  type Mode,
  type ModeChoice,
  modeOf,
  onSystemMode,
  paint,
  storeChoice,
  storedChoice,
} from './theme'

interface Appearance {
  mode: Mode
  choice: ModeChoice
  choose(choice: ModeChoice): void
  language: Language
  speak(language: Language): void
}

const Context = createContext<Appearance | null>(null)

export function useAppearance(): Appearance {
  const value = useContext(Context)
  if (!value) throw new Error('useAppearance outside AppearanceProvider')
  return value
}

const reduced = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches
/** Theme and language: chosen per viewer (kept on the server) and remembered in this browser for the sign-in page. */
export function AppearanceProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const [choice, setChoice] = useState(storedChoice)
  const [mode, setMode] = useState(() => modeOf(choice))
  const { data: session } = useSession()

  const apply = useCallback((next: ModeChoice) => {
    storeChoice(next)
    setChoice(next)
    setMode(modeOf(next))
    paint(modeOf(next))
  }, [])

  useEffect(() => onSystemMode(() => choice === 'system' && apply('system')), [choice, apply])

  // What the viewer chose on another computer holds here too, from the moment he signs in.
  const viewer = session?.user.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: taken over once per sign-in, not whenever a preference changes
  useEffect(() => {
    const { theme, language } = session?.preferences ?? {}
    if (theme === 'light' || theme === 'dark' || theme === 'system') apply(theme)
    if (languages.includes(language as Language) && language !== currentLanguage()) {
      void setLanguage(language as Language)
    }
  }, [viewer])

  const value = useMemo<Appearance>(
    () => ({
      mode,
      choice,
      choose: (next) => {
        apply(next)
        savePreference('theme', next)
      },
      language: i18n.language as Language,
      speak: (next) => {
        void setLanguage(next)
        savePreference('language', next)
      },
    }),
    [mode, choice, apply, i18n.language],
  )

  const theme = useMemo(() => antdTheme(mode, reduced()), [mode])
  return (
    <Context value={value}>
      <ConfigProvider
        theme={theme}
        locale={antdLocale(i18n.language)}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <App message={{ maxCount: 3, top: 16 }} component={false}>
          {children}
        </App>
      </ConfigProvider>
    </Context>
  )
}
