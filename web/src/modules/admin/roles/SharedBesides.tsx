import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { SharedBy, UserRights } from '@/api/roles'
import { Chip } from '@/ui/Chip'
import { formatNumber } from '@/ui/number'
import { RecordLink } from '@/ui/RecordLink'
import { midSentence, useLabel } from '@/ui/useLabel'
import css from './roles.module.css'

/** What somebody sees besides his roles: by which rules and territories, and how many records he has been invited to. */
export function SharedBesides({ sharing }: { sharing: UserRights['sharing'] }) {
  const { t } = useTranslation('admin')
  const { t: records } = useTranslation('records')
  const label = useLabel()
  const { objects } = useCatalogue()
  const teams = Object.entries(sharing.teams).filter(([, n]) => n > 0)
  return (
    <section className={css.besides}>
      <h3>{t('userRights.sharing')}</h3>
      <p className={css.partText}>{t('userRights.sharingText')}</p>
      {sharing.rules.length === 0 && teams.length === 0 && <p>{t('userRights.nothingShared')}</p>}
      {(sharing.rules.length > 0 || teams.length > 0) && (
        <ul className={css.shares}>
          {sharing.rules.map((rule) => (
            <li key={`${rule.source} ${rule.id} ${rule.object}`}>
              <span className={css.sharedBy}>
                <span className={css.source}>{label(objects[rule.source]?.label, '')}</span>{' '}
                <Source rule={rule} />
              </span>
              <span>{label(objects[rule.object]?.plural, rule.object)}</span>
              <Chip color={rule.level === 'write' ? 'gold' : undefined}>
                {records(`team.level.${rule.level}`)}
              </Chip>
            </li>
          ))}
          {teams.map(([object, n]) => (
            <li key={object}>
              <span className={css.sharedBy}>{t('userRights.teams')}</span>
              <span>
                {t('userRights.teamCount', {
                  shown: formatNumber(n),
                  objects: midSentence(
                    label(n === 1 ? objects[object]?.label : objects[object]?.plural, object),
                  ),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** To where it can be looked at, for whoever may. */
function Source({ rule }: { rule: SharedBy }) {
  const { objects } = useCatalogue()
  if (!objects[rule.source]) return rule.title
  if (rule.source === 'sharing_rule') {
    return (
      <Link to="/admin/sharing-rules" search={{ rule: rule.id }}>
        {rule.title}
      </Link>
    )
  }
  if (rule.source === 'territory') {
    return (
      <Link to="/admin/territories" search={{ territory: rule.id }}>
        {rule.title}
      </Link>
    )
  }
  return (
    <RecordLink object={rule.source} id={rule.id}>
      {rule.title}
    </RecordLink>
  )
}
