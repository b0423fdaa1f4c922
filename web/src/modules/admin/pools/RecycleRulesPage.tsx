import { SyncOutlined } from '@ant-design/icons'
import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ObjectDef, RecordData } from '@/api/types'
import { EditDrawer } from '../edit/EditDrawer'
import { FieldRows } from '../FieldRows'
import sharing from '../sharing/sharing.module.css'
import css from './pools.module.css'
import { type DrawerProps, SettingsPage } from './SettingsPage'
import { useRuleSentence } from './useRuleSentence'
import { useSettingsDrawer } from './useSettingsDrawer'

const names = [
  'name',
  'object',
  'pool',
  'match',
  'idle_days',
  'no_opportunity_days',
  'no_deal_days',
  'levels',
  'exempt_signed',
  'warn_days',
  'active',
]

/** Leads have neither grades nor deals; the server takes these for customers only. */
const ofCustomers = ['no_opportunity_days', 'no_deal_days', 'levels', 'exempt_signed']

/** When records that nobody works on go back to a pool. */
export function RecycleRulesPage() {
  const { t } = useTranslation('pools')
  return (
    <SettingsPage
      name="recycle_rule"
      path="/admin/recycle-rules"
      words="recycleRules"
      icon={<SyncOutlined aria-hidden />}
      Drawer={RuleDrawer}
      columns={(object) => [
        {
          key: 'rule',
          title: t('recycleRules.rule'),
          wide: true,
          show: (rule) => <Sentence object={object} rule={rule} />,
        },
      ]}
    />
  )
}

function Sentence({ object, rule }: { object: ObjectDef; rule: RecordData | Record<string, unknown> }) {
  const { t } = useTranslation('pools')
  const words = useRuleSentence(object)(rule)
  return words ? words : <span className={css.quiet}>{t('rule.nothing')}</span>
}

function RuleDrawer({ object, record, onClose }: DrawerProps) {
  const { t } = useTranslation('pools')
  const { edit, set, values, frame } = useSettingsDrawer({
    object,
    record,
    onClose,
    names,
    words: 'recycleRules',
    reset: ['pool', 'levels', 'no_opportunity_days', 'no_deal_days'],
    start: {
      object: object.fields.object?.options?.[0]?.value,
      match: 'any',
      exempt_signed: true,
      warn_days: 7,
      active: true,
    },
  })
  const { pool } = object.fields
  // Only pools for the same kind of record.
  const narrowed = pool && { ...pool, where: pool.where ?? { object: 'object' } }
  const worded = narrowed ? { ...object, fields: { ...object.fields, pool: narrowed } } : object
  const useful = (name: string) => values.object !== 'lead' || !ofCustomers.includes(name)
  const rows = (which: string[], calm = true) => (
    <FieldRows
      // A lookup that was offered for another kind of record offers anew.
      key={`${which[0]} ${which.includes('pool') ? values.object : ''}`}
      object={worded}
      names={which.filter(useful)}
      {...edit.rows}
      onChange={set}
      calm={calm}
    />
  )
  return (
    <EditDrawer {...frame}>
      <Form layout="vertical" component={false}>
        {rows(['name', 'object'], record !== undefined)}
        {rows(['pool'])}
        <h3 className={sharing.part}>{t('recycleRules.when')}</h3>
        <p className={sharing.partText}>{t('recycleRules.whenText')}</p>
        {rows(['idle_days', 'no_opportunity_days', 'no_deal_days', 'match'])}
        {values.object !== 'lead' && (
          <>
            <h3 className={sharing.part}>{t('recycleRules.which')}</h3>
            {rows(['levels', 'exempt_signed'])}
          </>
        )}
        <h3 className={sharing.part}>{t('recycleRules.warning')}</h3>
        {rows(['warn_days', 'active'])}
        <p className={css.preview} role="status">
          <strong>{t('recycleRules.preview')}</strong>
          <Sentence object={object} rule={values} />
        </p>
      </Form>
    </EditDrawer>
  )
}
