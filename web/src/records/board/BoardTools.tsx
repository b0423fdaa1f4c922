import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ObjectDef } from '@/api/types'
import { useLabel } from '@/ui/useLabel'
import type { ListState } from '../data/useListState'
import { useBoard } from './useBoard'

/** What the columns stand for, and which pipeline's. Shown only where there is a choice. */
export function BoardTools({ object, state }: { object: ObjectDef; state: ListState }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const board = useBoard(object, state)
  if (!board) return null
  return (
    <>
      {board.scopes.length > 1 && (
        <Select
          size="small"
          variant="filled"
          value={board.scope?.id}
          aria-label={label(board.scopeLabel?.label)}
          popupMatchSelectWidth={false}
          options={board.scopes.map((r) => ({ value: r.id, label: r.title }))}
          onChange={(scope) => state.set({ scope })}
        />
      )}
      {board.fields.length > 1 && (
        <Select
          size="small"
          variant="filled"
          value={board.field.name}
          aria-label={t('board.by')}
          popupMatchSelectWidth={false}
          options={board.fields.map((f) => ({ value: f.name, label: label(f.label) }))}
          onChange={(by) => state.set({ by, scope: undefined })}
        />
      )}
    </>
  )
}
