import { DeleteOutlined, UndoOutlined } from '@ant-design/icons'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, usePurge, useRestore, useTrash } from '@/api/hooks'
import type { TrashItem } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { ListSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import { RelativeTime } from '@/ui/values'
import { useGo } from '../data/nav'
import s from './trash.module.css'

/** What was deleted and can still be brought back. */
export function TrashPage() {
  const { t } = useTranslation('records')
  const { message, modal } = App.useApp()
  const label = useLabel()
  const go = useGo()
  const { objects, modules } = useCatalogue()
  const [object, setObject] = useState<string>()
  const trash = useTrash(object)
  const restore = useRestore()
  const purge = usePurge()
  const items = trash.data?.pages.flatMap((p) => p.items) ?? []
  const known = modules.flatMap((m) => m.objects).filter((n) => objects[n])
  const nameOf = (item: TrashItem) => item.title || t('list.untitled')
  const fail = (e: unknown) => void message.error(problemText(e) || t('trash.failed'))

  const bringBack = (item: TrashItem) =>
    restore.mutate(
      { object: item.object, id: item.id },
      {
        onSuccess: () =>
          void message.success({
            content: (
              <>
                {t('trash.restored', { title: nameOf(item) })}
                <Button type="link" size="small" onClick={() => void go.record(item.object, item.id)}>
                  {t('trash.open')}
                </Button>
              </>
            ),
          }),
        onError: fail,
      },
    )
  const destroy = (item: TrashItem) =>
    void modal.confirm({
      title: t('trash.purgeTitle', { title: nameOf(item) }),
      content: t('trash.purgeText'),
      okText: t('trash.purge'),
      okButtonProps: { danger: true },
      cancelText: t('prompt.cancel'),
      onOk: () => purge.mutateAsync({ object: item.object, id: item.id }).catch(fail),
    })

  return (
    <section className={s.page}>
      <header className={s.head}>
        <h1>{t('trash.title')}</h1>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={object}
          onChange={(next?: string) => setObject(next)}
          placeholder={t('trash.all')}
          aria-label={t('trash.filter')}
          popupMatchSelectWidth={false}
          style={{ minWidth: 160 }}
          options={known.map((n) => ({ value: n, label: label(objects[n]?.plural) }))}
        />
      </header>
      {trash.isError && !trash.data ? (
        <ErrorState error={trash.error} onRetry={() => void trash.refetch()} />
      ) : trash.isPending ? (
        <ListSkeleton rows={8} columns={3} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={<DeleteOutlined aria-hidden />}
          title={t('trash.empty')}
          text={t('trash.emptyText')}
        />
      ) : (
        <ul className={s.list}>
          {items.map((item) => {
            const def = objects[item.object]
            return (
              <li key={`${item.object} ${item.id}`} className={s.item}>
                <span className={s.icon} aria-hidden="true">
                  <Icon name={def?.icon} />
                </span>
                <div className={s.what}>
                  <span className={s.title}>{nameOf(item)}</span>
                  <span className={s.quiet}>
                    {label(def?.label, item.object)} ·{' '}
                    {item.deleted_by?.title && `${t('trash.by', { who: item.deleted_by.title })} · `}
                    <RelativeTime value={item.deleted_at} />
                  </span>
                </div>
                <Button
                  icon={<UndoOutlined aria-hidden />}
                  loading={restore.isPending && restore.variables?.id === item.id}
                  aria-label={t('trash.restoreNamed', { title: nameOf(item) })}
                  onClick={() => bringBack(item)}
                >
                  {t('trash.restore')}
                </Button>
                {can(def, 'delete') && (
                  <Button
                    type="text"
                    danger
                    icon={<DeleteOutlined aria-hidden />}
                    aria-label={t('trash.purgeNamed', { title: nameOf(item) })}
                    onClick={() => destroy(item)}
                  />
                )}
              </li>
            )
          })}
        </ul>
      )}
      {trash.hasNextPage && (
        <Button
          block
          type="text"
          loading={trash.isFetchingNextPage}
          onClick={() => void trash.fetchNextPage()}
        >
          {t('timeline.more')}
        </Button>
      )}
    </section>
  )
}
