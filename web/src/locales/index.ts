import type { Locale as AntdLocale } from 'antd/es/locale'
import dayjs from 'dayjs'
import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import { setApiLanguage } from '@/api/client'
import type { Lang } from '@/api/types'
import type { resources } from './zh-CN'

/**
 * One folder per language, one JSON per part of the page (namespace); Chinese is the reference the keys are typed by.
 * Only the language in use is fetched, together with Ant Design's and dayjs's words for it. A new namespace is one JSON
 * in each folder and one line in each `index.ts`; `locales.test.ts` holds the key sets equal.
 */
export const languages = ['zh-CN', 'en-US'] as const
export type Language = (typeof languages)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app'
    resources: typeof resources
  }
}

interface LanguagePack {
  resources: Record<string, object>
  antd: AntdLocale
}

const packs: Record<Language, () => Promise<LanguagePack>> = {
  'zh-CN': () => import('./zh-CN'),
  'en-US': () => import('./en-US'),
}

const STORE = 'guanxi:language'
const loaded = new Map<Language, LanguagePack>()

const isLanguage = (v: unknown): v is Language => languages.includes(v as Language)

/** Chinese unless the viewer chose otherwise or his browser knows no Chinese. */
export function initialLanguage(): Language {
  const stored = localStorage.getItem(STORE)
  if (isLanguage(stored)) return stored
  const wanted = navigator.languages ?? [navigator.language]
  return wanted.some((l) => l.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en-US'
}

async function load(language: Language): Promise<LanguagePack> {
  const pack = loaded.get(language) ?? (await packs[language]())
  loaded.set(language, pack)
  for (const [ns, words] of Object.entries(pack.resources)) i18n.addResourceBundle(language, ns, words)
  return pack
}

export async function startI18n(): Promise<void> {
  const language = initialLanguage()
  await i18n.use(initReactI18next).init({
    lng: language,
    // Keys are equal in both languages (tested), so there is nothing to fall back to.
    fallbackLng: false,
    ns: ['app'],
    defaultNS: 'app',
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await setLanguage(language)
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language)
  localStorage.setItem(STORE, language)
  setApiLanguage(language)
  dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en')
  document.documentElement.lang = language
  await i18n.changeLanguage(language)
}

export const antdLocale = (language: string): AntdLocale | undefined =>
  isLanguage(language) ? loaded.get(language)?.antd : undefined

export const currentLanguage = (): Language => (isLanguage(i18n.language) ? i18n.language : 'zh-CN')
export const langOf = (language: string): Lang => (language.startsWith('zh') ? 'zh' : 'en')
export const currentLang = (): Lang => langOf(i18n.language ?? 'zh-CN')
