import { Drawer } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { type UserRights, useUserRights } from '@/api/roles'
import { useViewer } from '@/api/session'
import { Chip } from '@/ui/Chip'
import { Icon } from '@/ui/Icon'
import { ListSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { useLabel } from '@/ui/useLabel'
import matrix from './matrix.module.css'
import css from './roles.module.css'
import { SharedBesides } from './SharedBesides'
import { UserRightsRow } from './UserRightsRow'

interface Who {
  id: string
  name?: unknown
}

/** What somebody may do here and by which of his roles: the answer to "why does he (not) see this". */
export function UserRightsDrawer({ user, onClose }: { user: Who; onClose(): void }) {
  const { t } = useTranslation('admin')
  const me = useViewer()
  const rights = useUserRights(user.id)
  const title =
    user.id === me.id ? t('userRights.mine') : t('userRights.title', { name: String(user.name ?? '') })
  return (
    <Drawer open size="min(920px, 100vw)" title={title} onClose={onClose} styles={{ body: { padding: 0 } }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long, and nothing in it need be focusable: the keyboard scrolls the sheet */}
      <section className={css.sheet} tabIndex={0} aria-label={title}>
        {rights.data ? (
          <Table rights={rights.data} />
        ) : rights.isError ? (
          <ErrorState error={rights.error} onRetry={() => void rights.refetch()} />
        ) : (
          <ListSkeleton rows={10} columns={5} />
        )}
      </section>
    </Drawer>
  )
}

function Table({ rights }: { rights: UserRights }) {
  const { t } = useTranslation('admin')
  const label = useLabel()
  const { modules, objects } = useCatalogue()
  const known = Object.keys(rights.objects).flatMap((name) => objects[name] ?? [])
  const groups = modules
    .map((m) => ({ ...m, of: known.filter((o) => o.module === m.name) }))
    .filter((m) => m.of.length > 0)
  const names = new Map(rights.roles.map((r) => [r.code, label(r.label, r.code)]))
  return (
    <>
      <dl className={css.facts}>
        <div>
          <dt>{t('userRights.roles')}</dt>
          <dd>
            {[...names].map(([code, name]) => (
              <Chip key={code}>{name}</Chip>
            ))}
          </dd>
        </div>
        <div>
          <dt>{t('userRights.abilities')}</dt>
          <dd>
            {rights.abilities.length > 0
              ? rights.abilities.map((a) => t(`ability.${a}`)).join(t('comma'))
              : t('userRights.none')}
          </dd>
        </div>
      </dl>
      <table className={matrix.matrix}>
        <thead>
          <tr>
            <th scope="col">{t('roles.object')}</th>
            <th scope="col">{t('verb.read')}</th>
            <th scope="col">{t('verb.create')}</th>
            <th scope="col">{t('verb.update')}</th>
            <th scope="col">{t('verb.delete')}</th>
            <th scope="col" className={matrix.figure}>
              {t('userRights.visible')}
            </th>
          </tr>
        </thead>
        <tbody>
          {groups.map((g) => (
            <Fragment key={g.name}>
              <tr>
                <th scope="rowgroup" colSpan={6} className={matrix.group}>
                  <Icon name={g.icon} /> {label(g.label)}
                </th>
              </tr>
              {g.of.map((object) => {
                const own = rights.objects[object.name]
                return (
                  own && (
                    <UserRightsRow
                      key={object.name}
                      object={object}
                      rights={own}
                      roles={names}
                      wide={rights.abilities}
                    />
                  )
                )
              })}
            </Fragment>
          ))}
        </tbody>
      </table>
      <SharedBesides sharing={rights.sharing} />
    </>
  )
}
