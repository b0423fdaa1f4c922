import type { DndContextProps } from '@dnd-kit/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoardColumn } from './useBoard'

/** What a screen reader says while a card is moved. */
export function useAnnouncements(columns: BoardColumn[]): DndContextProps['accessibility'] {
  const { t } = useTranslation('records')
  return useMemo(() => {
    const name = (id: unknown) => columns.find((c) => c.key === id)?.title ?? t('group.none')
    return {
      screenReaderInstructions: { draggable: t('board.howTo') },
      announcements: {
        onDragStart: () => t('board.lifted'),
        onDragOver: ({ over }) => (over ? t('board.over', { column: name(over.id) }) : undefined),
        onDragEnd: ({ over }) =>
          over ? t('board.dropped', { column: name(over.id) }) : t('board.cancelled'),
        onDragCancel: () => t('board.cancelled'),
      },
    }
  }, [columns, t])
}
