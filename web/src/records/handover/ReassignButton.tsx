import { SwapOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can } from '@/api/hooks'
import type { FilterExpr, ObjectDef } from '@/api/types'
import { fromApi, toApi } from '../model/filter'
import { useNarrow } from '../parts/useNarrow'

const ReassignDialog = lazy(() => import('./ReassignDialog').then((m) => ({ default: m.ReassignDialog })))

/** Whoever may change many records at once and give them to others, of objects whose records belong to somebody. */
export const mayReassign = (object: ObjectDef) =>
  object.traits.includes('owned') &&
  can(object, 'update') &&
  can(object, 'mass_update') &&
  can(object, 'transfer')

/** In the tools of a list: all that its filter matches goes to others. */
export function ReassignButton({ object, filter }: { object: ObjectDef; filter: FilterExpr | undefined }) {
  const { t } = useTranslation('handover')
  const { modal } = App.useApp()
  const narrow = useNarrow()
  const [asked, setAsked] = useState<FilterExpr>()
  if (!mayReassign(object)) return null
  return (
    <>
      <Button
        size="small"
        type="text"
        icon={<SwapOutlined aria-hidden />}
        aria-label={t('reassign.button')}
        title={narrow ? t('reassign.button') : undefined}
        onClick={() => {
          if (filter && toApi(fromApi(filter))) setAsked(filter)
          // Everybody's everything is nothing one gives away by one click.
          else
            modal.info({
              title: t('reassign.needFilter'),
              content: t('reassign.needFilterText'),
              okText: t('reassign.understood'),
            })
        }}
      >
        {narrow ? undefined : t('reassign.button')}
      </Button>
      {asked && (
        <Suspense fallback={null}>
          <ReassignDialog object={object} filter={asked} onClose={() => setAsked(undefined)} />
        </Suspense>
      )}
    </>
  )
}

/** In the bar of selected records: dealt out evenly among several. */
export function DealOutButton({
  object,
  ids,
  disabled,
  onDone,
}: {
  object: ObjectDef
  ids: string[]
  disabled?: boolean
  onDone(): void
}) {
  const { t } = useTranslation('handover')
  const [asked, setAsked] = useState<string[]>()
  const [begun, setBegun] = useState(false)
  if (!mayReassign(object)) return null
  return (
    <>
      <Button
        size="small"
        icon={<SwapOutlined aria-hidden />}
        disabled={disabled}
        onClick={() => setAsked(ids)}
      >
        {t('reassign.dealOut')}
      </Button>
      {asked && (
        <Suspense fallback={null}>
          <ReassignDialog
            object={object}
            filter={['id', 'in', asked]}
            selected={asked.length}
            onStarted={() => setBegun(true)}
            onClose={() => {
              setAsked(undefined)
              setBegun(false)
              // Only now: without a selection the bar is gone, and the dialog with it.
              if (begun) onDone()
            }}
          />
        </Suspense>
      )}
    </>
  )
}
