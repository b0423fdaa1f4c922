import { theme as antd, type ThemeConfig } from 'antd'

/**
 * The only file with colours. The same values go to Ant Design (as tokens) and to our own CSS (as `--gx-*` variables on
 * the root element), so that both change together and nothing flashes when the theme is switched.
 */
export type Mode = 'light' | 'dark'
export type ModeChoice = Mode | 'system'

interface Palette {
  /** Behind everything: navigation, gaps between cards. */
  ground: string
  /** Where content stands. */
  surface: string
  /** Menus, drawers, dialogs. */
  raised: string
  /** Table heads, quiet fills. */
  sunken: string
  hover: string
  selected: string
  border: string
  borderSoft: string
  text: string
  text2: string
  text3: string
  accent: string
  /** Under the pointer: further from what stands on it, not nearer. */
  accentHover: string
  accentSoft: string
  onAccent: string
  danger: string
  dangerSoft: string
  warning: string
  warningSoft: string
  success: string
  successSoft: string
  focus: string
  shadow: string
  shade: string
}

export const palettes: Record<Mode, Palette> = {
  light: {
    ground: '#f6f7f9',
    surface: '#ffffff',
    raised: '#ffffff',
    sunken: '#f8f9fb',
    hover: '#f1f3f6',
    selected: '#edf1fe',
    border: '#dfe3e8',
    borderSoft: '#eceff3',
    text: '#1b2029',
    text2: '#525c6b',
    text3: '#616b7b',
    accent: '#3057d8',
    accentHover: '#2749bd',
    accentSoft: '#edf1fe',
    onAccent: '#ffffff',
    danger: '#c92a2a',
    dangerSoft: '#fdf0ef',
    warning: '#9a5b00',
    warningSoft: '#fdf5e4',
    success: '#1d7a46',
    successSoft: '#ebf7f0',
    focus: '#3057d8',
    shadow: '0 8px 28px rgb(18 25 38 / 12%), 0 1px 4px rgb(18 25 38 / 8%)',
    shade: 'rgb(18 25 38 / 40%)',
  },
  dark: {
    ground: '#131519',
    surface: '#1a1d22',
    raised: '#22262d',
    sunken: '#1e2127',
    hover: '#262b33',
    selected: '#232c47',
    border: '#363c46',
    borderSoft: '#2a2f37',
    text: '#e8ebf0',
    text2: '#b3bcc9',
    text3: '#929cab',
    accent: '#8ea8ff',
    accentHover: '#aabdff',
    accentSoft: '#232c47',
    onAccent: '#10131a',
    danger: '#ff8f87',
    dangerSoft: '#3a2223',
    warning: '#eab75a',
    warningSoft: '#372c1a',
    success: '#6bd29a',
    successSoft: '#1b3226',
    focus: '#8ea8ff',
    shadow: '0 8px 28px rgb(0 0 0 / 48%), 0 1px 4px rgb(0 0 0 / 40%)',
    shade: 'rgb(0 0 0 / 56%)',
  },
}

/**
 * Ground and text of option colours, by the Ant Design names the catalogue uses. Each pair comes from Ant Design's palette,
 * with the lightest step of text that reaches 5:1 on its ground (its own tags stay under 3:1 in gold, lime and yellow).
 */
const chips: Record<Mode, Record<string, readonly [ground: string, text: string]>> = {
  light: {
    red: ['#fff1f0', '#cf1322'],
    volcano: ['#fff2e8', '#ad2102'],
    orange: ['#fff7e6', '#ad4e00'],
    gold: ['#fffbe6', '#874d00'],
    yellow: ['#feffe6', '#876800'],
    lime: ['#fcffe6', '#3f6600'],
    green: ['#f6ffed', '#237804'],
    cyan: ['#e6fffb', '#006d75'],
    blue: ['#e6f4ff', '#0958d9'],
    geekblue: ['#f0f5ff', '#1d39c4'],
    purple: ['#f9f0ff', '#531dab'],
    magenta: ['#fff0f6', '#9e1068'],
  },
  dark: {
    red: ['#431418', '#f37370'],
    volcano: ['#441d12', '#f3956a'],
    orange: ['#442a11', '#e89a3c'],
    gold: ['#443111', '#e8b339'],
    yellow: ['#443b11', '#e8d639'],
    lime: ['#2e3c10', '#a9d134'],
    green: ['#1d3712', '#6abe39'],
    cyan: ['#113536', '#33bcb7'],
    blue: ['#112545', '#65a9f3'],
    geekblue: ['#161d40', '#7f9ef3'],
    purple: ['#24163a', '#ab7ae0'],
    magenta: ['#40162f', '#f37fb7'],
  },
}

const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"

export function antdTheme(mode: Mode, reducedMotion: boolean): ThemeConfig {
  const p = palettes[mode]
  return {
    algorithm: mode === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      fontFamily,
      fontSize: 14,
      borderRadius: 6,
      sizeUnit: 4,
      sizeStep: 4,
      controlHeight: 32,
      wireframe: false,
      motion: !reducedMotion,
      colorPrimary: p.accent,
      colorPrimaryHover: p.accentHover,
      colorInfo: p.accent,
      colorLink: p.accent,
      colorError: p.danger,
      colorWarning: p.warning,
      colorSuccess: p.success,
      // Derived from such dark text colours, the grounds of alerts would be mud.
      colorInfoBg: p.accentSoft,
      colorInfoBorder: p.borderSoft,
      colorErrorBg: p.dangerSoft,
      colorErrorBorder: p.borderSoft,
      colorWarningBg: p.warningSoft,
      colorWarningBorder: p.borderSoft,
      colorSuccessBg: p.successSoft,
      colorSuccessBorder: p.borderSoft,
      colorText: p.text,
      colorTextSecondary: p.text2,
      colorTextTertiary: p.text3,
      colorTextPlaceholder: p.text3,
      colorTextDescription: p.text3,
      colorTextLightSolid: p.onAccent,
      colorBgLayout: p.ground,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: p.border,
      colorBorderSecondary: p.borderSoft,
      colorBgMask: p.shade,
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
    },
    components: {
      Tooltip: { colorBgSpotlight: mode === 'dark' ? '#3a414c' : '#2a303b', colorTextLightSolid: '#ffffff' },
      Table: { headerBg: p.sunken, headerColor: p.text2, rowHoverBg: p.hover, cellPaddingBlockSM: 6 },
      Drawer: { colorBgElevated: p.surface },
      Tag: { defaultBg: p.sunken, defaultColor: p.text2 },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
    },
  }
}

const kebab = (name: string) => name.replace(/[A-Z0-9]/g, (c) => `-${c.toLowerCase()}`)

/** Puts the palette on the root element as `--gx-surface`, `--gx-text-2` and so on. */
export function paint(mode: Mode) {
  const root = document.documentElement
  for (const [name, value] of Object.entries(palettes[mode]))
    root.style.setProperty(`--gx-${kebab(name)}`, value)
  for (const [name, [ground, text]] of Object.entries(chips[mode])) {
    root.style.setProperty(`--gx-chip-${name}-bg`, ground)
    root.style.setProperty(`--gx-chip-${name}`, text)
  }
  root.style.setProperty('--gx-font', fontFamily)
  root.style.colorScheme = mode
  root.dataset.theme = mode
}

const STORE = 'guanxi:theme'
const choices: readonly ModeChoice[] = ['light', 'dark', 'system']

export function storedChoice(): ModeChoice {
  const stored = localStorage.getItem(STORE) as ModeChoice | null
  return stored && choices.includes(stored) ? stored : 'system'
}
export const storeChoice = (choice: ModeChoice) => localStorage.setItem(STORE, choice)

const dark = () => window.matchMedia('(prefers-color-scheme: dark)')
export const modeOf = (choice: ModeChoice): Mode =>
  choice === 'system' ? (dark().matches ? 'dark' : 'light') : choice
export function onSystemMode(handler: () => void): () => void {
  const media = dark()
  media.addEventListener('change', handler)
  return () => media.removeEventListener('change', handler)
}
