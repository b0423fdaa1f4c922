import { InboxOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/hooks'
import { asRefs } from '@/fields'
import { useLabel } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import { EditDrawer } from '../edit/EditDrawer'
import { FieldRows } from '../FieldRows'
import sharing from '../sharing/sharing.module.css'
import { HiddenFields } from './HiddenFields'
import { type DrawerProps, SettingsPage } from './SettingsPage'
import { poolSentence } from './sentences'
import { usePoolWords } from './useRuleSentence'
import { useSettingsDrawer } from './useSettingsDrawer'
import { Whom } from './Whom'

const names = [
  'name',
  'object',
  'everybody',
  'members',
  'departments',
  'admins',
  'daily_claim_limit',
  'cooldown_days',
  'protect_days',
  'hidden_fields',
  'description',
  'active',
]

/** Which pools there are, who claims from them and how much. */
export function PoolSettingsPage() {
  const { t } = useTranslation('pools')
  const label = useLabel()
  const words = usePoolWords()
  return (
    <SettingsPage
      name="pool"
      path="/admin/pools"
      words="poolSettings"
      icon={<InboxOutlined aria-hidden />}
      Drawer={PoolDrawer}
      columns={(object) => [
        {
          key: 'whom',
          title: t('poolSettings.whom'),
          wide: true,
          show: (pool) => (
            <Whom
              everybody={pool.everybody === true}
              people={asRefs(pool.members)}
              departments={asRefs(pool.departments)}
            />
          ),
        },
        {
          key: 'admins',
          title: label(object.fields.admins?.label),
          wide: true,
          show: (pool) => {
            const admins = asRefs(pool.admins)
            return admins.length > 0 ? <Whom everybody={false} people={admins} departments={[]} /> : <Dash />
          },
        },
        {
          key: 'rules',
          title: t('poolSettings.rules'),
          wide: true,
          show: (pool) => (
            <span>
              {poolSentence(pool, words)}{' '}
              <Link to="/pools/$id" params={{ id: pool.id }} search={{}}>
                {t('poolSettings.show')}
              </Link>
            </span>
          ),
        },
      ]}
    />
  )
}

function PoolDrawer({ object, record, onClose }: DrawerProps) {
  const { t } = useTranslation('pools')
  const { edit, set, values, frame } = useSettingsDrawer({
    object,
    record,
    onClose,
    names,
    words: 'poolSettings',
    reset: ['hidden_fields'],
    start: { object: object.fields.object?.options?.[0]?.value, everybody: false, active: true },
  })
  const { objects } = useCatalogue()
  const hidden = object.fields.hidden_fields
  const rows = (which: string[], calm = true) => (
    <FieldRows object={object} names={which} {...edit.rows} onChange={set} calm={calm} />
  )
  return (
    <EditDrawer {...frame}>
      <Form layout="vertical" component={false}>
        {rows(['name', 'object', 'description'], record !== undefined)}
        <h3 className={sharing.part}>{t('poolSettings.whom')}</h3>
        {rows(['everybody'])}
        {/* Who are named besides everybody are named for nothing. */}
        {values.everybody !== true && rows(['members', 'departments'])}
        {rows(['admins'])}
        {hidden && (
          <HiddenFields
            field={hidden}
            object={objects[String(values.object)]}
            value={values.hidden_fields}
            error={edit.rows.error}
            onChange={(fields) => set('hidden_fields', fields)}
          />
        )}
        <h3 className={sharing.part}>{t('poolSettings.rules')}</h3>
        {rows(['daily_claim_limit', 'cooldown_days', 'protect_days', 'active'])}
      </Form>
    </EditDrawer>
  )
}
