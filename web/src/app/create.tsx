import { useNavigate, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react'
import { can, useCatalogue } from '@/api/catalogue'
import { CreateContext } from '@/ui/create'
import { useShortcut } from '@/ui/useShortcut'
import { openPalette } from './palette/state'

const RecordFormDrawer = lazy(() => import('@/records').then((m) => ({ default: m.RecordFormDrawer })))

export function CreateProvider({ children }: { children: ReactNode }) {
  const { objects } = useCatalogue()
  const params = useParams({ strict: false })
  const navigate = useNavigate()
  const [form, setForm] = useState<{ object: string; initial?: Record<string, unknown>; open: boolean }>()

  const create = useCallback((object: string, initial?: Record<string, unknown>) => {
    setForm({ object, initial, open: true })
  }, [])
  const close = useCallback(() => setForm((f) => f && { ...f, open: false }), [])

  // On a list or a record `c` makes another of its kind; elsewhere the palette offers the kinds.
  const another = () => {
    const here = params.object
    if (here && can(objects[here], 'create')) create(here)
    else openPalette()
  }
  useShortcut('c', another, { below: true })

  return (
    <CreateContext value={create}>
      {children}
      {form && (
        <Suspense fallback={null}>
          <RecordFormDrawer
            key={form.object}
            object={form.object}
            initial={form.initial}
            open={form.open}
            onClose={close}
            onSaved={(record) => {
              close()
              void navigate({ to: '/o/$object/$id', params: { object: form.object, id: record.id } })
            }}
          />
        </Suspense>
      )}
    </CreateContext>
  )
}
