/** The beginning of an import's error file: the refused rows as they were, with the reason in the last column. */
import { useQuery } from '@tanstack/react-query'
import { send } from './client'
import { keys } from './queryClient'
import type { ImportInfo } from './types'

/** More than the page shows rows for; the whole file may be as long as what was imported. */
const MOST = 256 * 1024

/** The last cells of a CSV's rows. A row that does not end within the text is left out: more of it may be on the way. */
export function lastCells(csv: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (const c of csv.replace(/^\uFEFF/, '')) {
    // A doubled quote ends the quotation and begins it again, and stands for itself.
    if (c === '"') {
      quoted = !quoted
      cell += c
    } else if (quoted || (c !== ',' && c !== '\n' && c !== '\r')) cell += c
    else if (c === ',') cell = ''
    else if (c === '\n') {
      cells.push(/^".*"$/s.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell)
      cell = ''
    }
  }
  return cells
}

async function firstReasons(id: string, count: number, signal: AbortSignal): Promise<string[]> {
  const answer = await send('GET', `/imports/${encodeURIComponent(id)}/errors`, { signal })
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return []
  let text = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += part.value
    // One more row than reasons: the first has the names of the columns.
    if (text.length > MOST || lastCells(text).length > count) {
      await reader.cancel()
      break
    }
  }
  return lastCells(text).slice(1, count + 1)
}

/** Why the first of the refused rows were refused. */
export function useRefusals(info: ImportInfo, count = 5) {
  return useQuery({
    // A trial and the run after it have a file each under the same name.
    queryKey: [...keys.imports, info.id, 'refusals', info.dry_run, info.failed],
    queryFn: ({ signal }) => firstReasons(info.id, count, signal),
    enabled: info.has_errors && info.state !== 'running',
    staleTime: Number.POSITIVE_INFINITY,
  })
}
