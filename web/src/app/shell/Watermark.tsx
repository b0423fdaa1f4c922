import { useMemo } from 'react'
import { useRecord } from '@/api/hooks'
import { useViewer } from '@/api/session'
import { useDataSafety } from '@/api/settings'
import { today } from '@/ui/time'
import css from './shell.module.css'

const escaped = (text: string) =>
  text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/\p{Cc}/gu, ' ')

/** A tile with two lines, as an image that any page background can repeat. Grey keeps it readable on light and dark. */
export function tile(lines: string[]): string {
  const texts = lines
    .map((line, index) => `<text x="20" y="${110 + index * 20}">${escaped(line)}</text>`)
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="190"><g fill="gray" font-family="sans-serif" font-size="14" transform="rotate(-20 150 95)">${texts}</g></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}

/** Who looks at this page, and when, faintly over all of it, so that a photograph of the screen tells whose it was. */
export function Watermark() {
  const { data } = useDataSafety()
  return data?.watermark ? <Marked /> : null
}

function Marked() {
  const me = useViewer()
  const user = useRecord('user', me.id || undefined)
  const mobile = String(user.data?.mobile ?? '').replace(/\D/g, '')
  const mark = mobile.length >= 4 ? mobile.slice(-4) : me.login
  const day = today()
  const image = useMemo(() => tile([`${me.name} ${mark}`, day]), [me.name, mark, day])
  return (
    <div className={css.watermark} style={{ backgroundImage: image }} aria-hidden data-testid="watermark" />
  )
}
