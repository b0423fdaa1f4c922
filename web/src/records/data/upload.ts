import { ApiError, randomKey, recordPath, url } from '@/api/client'
import type { Attachment, Problem } from '@/api/types'
import { currentLanguage } from '@/locales'

/** `fetch` cannot tell how much has been sent, so uploads that show progress go the older way. */
export function uploadAttachment(
  object: string,
  id: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', url(recordPath(object, id, 'attachments')))
    xhr.setRequestHeader('Accept-Language', currentLanguage())
    xhr.setRequestHeader('Idempotency-Key', randomKey())
    xhr.upload.onprogress = (e) => {
      if (e.lengthComputable) onProgress(e.loaded / e.total)
    }
    xhr.onload = () => {
      try {
        const body = JSON.parse(xhr.responseText)
        if (xhr.status >= 200 && xhr.status < 300) return resolve(body as Attachment)
        reject(new ApiError({ ...(body as Problem), status: xhr.status }))
      } catch {
        reject(
          new ApiError({
            title: xhr.statusText,
            status: xhr.status,
            code: xhr.status === 413 ? 'too_large' : 'unexpected',
          }),
        )
      }
    }
    xhr.onerror = () => reject(new ApiError({ title: 'offline', status: 0, code: 'offline' }))
    xhr.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    signal.addEventListener('abort', () => xhr.abort())
    const form = new FormData()
    form.append('file', file)
    xhr.send(form)
  })
}
