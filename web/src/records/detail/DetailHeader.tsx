import {
  DeleteOutlined,
  DownOutlined,
  EditOutlined,
  FormOutlined,
  LinkOutlined,
  MoreOutlined,
  UpOutlined,
} from '@ant-design/icons'
import { App, Button, Dropdown, Tooltip } from 'antd'
import { useCallback, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { can, prefetchRecord, useCatalogue, useRemove } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { type Command, useCommands } from '@/ui/commands'
import { Icon } from '@/ui/Icon'
import { openQuick } from '@/ui/quick'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useShortcut } from '@/ui/useShortcut'
import { ListLink, useGo } from '../data/nav'
import { neighbours, stepOn, trailOf } from '../data/trail'
import { HandOverButton } from '../handover/HandOverButton'
import { closedBy, isClosed } from '../model/closed'
import { changeable } from '../model/formFields'
import { Belonging } from '../parts/InlineEdit'
import { useValueText } from '../parts/useFields'
import { useNarrow } from '../parts/useNarrow'
import { ActionButtons } from './ActionButtons'
import s from './detail.module.css'
import { followUpOf } from './followUp'

interface Props {
  object: ObjectDef
  record: RecordData
  onEdit(): void
}

/** Name, the way back, previous and next, and what can be done. */
export function DetailHeader({ object, record, onEdit }: Props) {
  const { t } = useTranslation('records')
  const { message } = App.useApp()
  const label = useLabel()
  const text = useValueText()
  const narrow = useNarrow()
  const go = useGo()
  const remove = useRemove(object.name)
  const trail = trailOf(object.name)
  const here = neighbours(object.name, record.id)
  const titleField = object.fields[object.title]
  const title = (titleField && text(titleField, record[object.title])) || t('list.untitled')
  const parent = useContext(Belonging)
  const closed = isClosed(object, record, parent)
  const fields = changeable(object, record, parent)
  const mayUpdate = can(object, 'update') && (record._can?.includes('update') ?? true) && fields.length > 0
  const follow = followUpOf(useCatalogue().objects, object)
  const mayDelete = can(object, 'delete') && (record._can?.includes('delete') ?? true) && !closed
  // Of a closed record the button says what is left to change.
  const by = closedBy(object, record)
  const state = object.fields[by?.field ?? '']
  const place = (name: string) => (by?.keeps.includes(name) ? by.keeps.indexOf(name) : 1000)
  const names = [...fields].sort((a, b) => place(a.name) - place(b.name)).map((f) => label(f.label, f.name))
  const edit =
    state && names[0]
      ? t(names.length > 1 ? 'detail.editKeptMore' : 'detail.editKept', { field: names[0] })
      : t('detail.edit')
  const editTip =
    state &&
    t('detail.keptOnly', {
      object: midSentence(label(object.label)),
      state: text(state, record[state.name]),
      fields: names.join(t('words.comma')),
    })

  const previous = useCallback(() => {
    const id = neighbours(object.name, record.id)?.previous
    if (id) void go.record(object.name, id, true)
  }, [go, object.name, record.id])
  const next = useCallback(async () => {
    const id = await stepOn(object.name, record.id).catch(() => undefined)
    if (id) void go.record(object.name, id, true)
  }, [go, object.name, record.id])
  const back = useCallback(() => void go.back(object.name, trailOf(object.name)), [go, object.name])
  useShortcut('k', previous)
  useShortcut('j', () => void next())
  useShortcut('e', onEdit, { enabled: mayUpdate })
  useShortcut('Escape', back)

  const drop = () =>
    remove.mutate({ id: record.id, title }, { onSuccess: () => void go.back(object.name, trail) })
  const copy = () =>
    navigator.clipboard
      ?.writeText(window.location.href)
      .then(() => void message.success(t('detail.copied')))
      .catch(() => void message.error(t('detail.copyFailed')))

  const commands = useMemo<Command[]>(
    () =>
      mayUpdate
        ? [
            {
              id: `edit ${record.id}`,
              title: t('detail.editCommand', { title }),
              icon: 'edit',
              group: 'here',
              shortcut: 'E',
              run: onEdit,
            },
          ]
        : [],
    [mayUpdate, record.id, title, t, onEdit],
  )
  useCommands(commands)

  return (
    <header className={s.head}>
      <span className={s.icon} aria-hidden="true">
        <Icon name={object.icon} />
      </span>
      <div className={s.names}>
        <ListLink object={object.name} search={trail?.search} pool={trail?.pool} className={s.crumb}>
          {trail?.pool ? t('detail.pool') : label(object.plural)}
        </ListLink>
        <h1 className={s.title}>{title}</h1>
      </div>
      <div className={s.actions}>
        {here && (
          <span className={s.steps}>
            <Tooltip title={t('detail.previous')}>
              <Button
                type="text"
                icon={<UpOutlined aria-hidden />}
                disabled={!here.previous}
                aria-label={t('detail.previous')}
                onMouseEnter={() => here.previous && void prefetchRecord(object.name, here.previous)}
                onClick={previous}
              />
            </Tooltip>
            <Tooltip title={t('detail.next')}>
              <Button
                type="text"
                icon={<DownOutlined aria-hidden />}
                disabled={!here.next && !trail?.query}
                aria-label={t('detail.next')}
                onMouseEnter={() => here.next && void prefetchRecord(object.name, here.next)}
                onClick={() => void next()}
              />
            </Tooltip>
          </span>
        )}
        <ActionButtons object={object} record={record}>
          {(aside) => (
            <>
              {object.name === 'user' && <HandOverButton user={record} />}
              {follow && can(follow.object, 'create') && (
                <Button
                  icon={<FormOutlined aria-hidden />}
                  aria-keyshortcuts="q"
                  aria-label={t('detail.quick')}
                  onClick={() => openQuick({ object: object.name, id: record.id })}
                >
                  {!narrow && t('detail.quick')}
                </Button>
              )}
              <span className={s.pair}>
                {mayUpdate && (
                  <Tooltip title={editTip}>
                    <Button icon={<EditOutlined aria-hidden />} onClick={onEdit} aria-label={edit}>
                      {!narrow && edit}
                    </Button>
                  </Tooltip>
                )}
                <Dropdown
                  trigger={['click']}
                  menu={{
                    items: [
                      ...aside,
                      ...(aside.length > 0 ? [{ type: 'divider' as const }] : []),
                      {
                        key: 'copy',
                        icon: <LinkOutlined aria-hidden />,
                        label: t('detail.copyLink'),
                        onClick: () => void copy(),
                      },
                      ...(mayDelete
                        ? [
                            {
                              key: 'delete',
                              icon: <DeleteOutlined aria-hidden />,
                              danger: true,
                              label: t('detail.delete'),
                              onClick: drop,
                            },
                          ]
                        : []),
                    ],
                  }}
                >
                  <Button
                    type="text"
                    icon={<MoreOutlined aria-hidden />}
                    aria-label={t('detail.more')}
                    loading={remove.isPending}
                  />
                </Dropdown>
              </span>
            </>
          )}
        </ActionButtons>
      </div>
    </header>
  )
}
