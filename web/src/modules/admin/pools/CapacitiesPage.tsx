import { HourglassOutlined } from '@ant-design/icons'
import { Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import type { ObjectDef, RecordData } from '@/api/types'
import { asRefs } from '@/fields'
import { CriteriaEdit } from '@/records/criteria/CriteriaEdit'
import { readCriteria } from '@/records/criteria/criteria'
import { useFilterWords } from '@/records/parts/useFilterWords'
import { formatNumber } from '@/ui/number'
import { midSentence, useLabel } from '@/ui/useLabel'
import { EditDrawer } from '../edit/EditDrawer'
import { FieldRows } from '../FieldRows'
import sharing from '../sharing/sharing.module.css'
import { type DrawerProps, SettingsPage } from './SettingsPage'
import { useSettingsDrawer } from './useSettingsDrawer'
import { Whom } from './Whom'

const names = ['name', 'object', 'users', 'departments', 'most', 'not_counted', 'active']

/** How many records somebody may have at once. */
export function CapacitiesPage() {
  const { t } = useTranslation('pools')
  return (
    <SettingsPage
      name="capacity"
      path="/admin/capacities"
      words="capacities"
      icon={<HourglassOutlined aria-hidden />}
      Drawer={CapacityDrawer}
      columns={() => [
        {
          key: 'whom',
          title: t('capacities.whom'),
          wide: true,
          show: (c) => {
            const people = asRefs(c.users)
            const departments = asRefs(c.departments)
            return (
              <Whom
                everybody={people.length + departments.length === 0}
                people={people}
                departments={departments}
              />
            )
          },
        },
        {
          key: 'most',
          title: t('capacities.most'),
          wide: true,
          show: (c) => <Sentence capacity={c} />,
        },
      ]}
    />
  )
}

function Sentence({ capacity }: { capacity: RecordData }) {
  const { t } = useTranslation('pools')
  const label = useLabel()
  const { objects } = useCatalogue()
  const target = objects[String(capacity.object)]
  const count = Number(capacity.most ?? 0)
  const most = t('capacities.each', {
    count,
    shown: formatNumber(count),
    objects: midSentence(label(target?.plural, String(capacity.object))),
  })
  return (
    <span>
      {most}
      {target && capacity.not_counted ? <Without object={target} criteria={capacity.not_counted} /> : null}
    </span>
  )
}

function Without({ object, criteria }: { object: ObjectDef; criteria: unknown }) {
  const { t } = useTranslation('pools')
  const words = useFilterWords(object, readCriteria(criteria))
  // What cannot be put into words stands as it is.
  return <>{t('capacities.without', { words: words || String(criteria) })}</>
}

function CapacityDrawer({ object, record, onClose }: DrawerProps) {
  const { t } = useTranslation('pools')
  const { objects } = useCatalogue()
  const { edit, set, values, frame, restoredAt } = useSettingsDrawer({
    object,
    record,
    onClose,
    names,
    words: 'capacities',
    reset: ['not_counted'],
    start: { object: object.fields.object?.options?.[0]?.value, active: true },
  })
  const target = objects[String(values.object ?? '')]
  const rows = (which: string[], calm = true) => (
    <FieldRows object={object} names={which} {...edit.rows} onChange={set} calm={calm} />
  )
  return (
    <EditDrawer {...frame}>
      <Form layout="vertical" component={false}>
        {rows(['name', 'object'], record !== undefined)}
        <h3 className={sharing.part}>{t('capacities.whom')}</h3>
        {rows(['users', 'departments'])}
        <h3 className={sharing.part}>{t('capacities.most')}</h3>
        {rows(['most'])}
        {target && object.fields.not_counted && (
          <CriteriaEdit
            // What is thrown away is thrown away in the editor too.
            key={`${target.name} ${restoredAt ?? ''}`}
            object={target}
            legend={t('capacities.notCounted')}
            hint={t('capacities.allCounted')}
            value={values.not_counted}
            onChange={(text) => set('not_counted', text || null)}
            trouble={edit.error?.forField('not_counted')}
          />
        )}
        {rows(['active'])}
      </Form>
    </EditDrawer>
  )
}
