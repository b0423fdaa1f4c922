import { PlusOutlined, RobotOutlined } from '@ant-design/icons'
import { App, Button, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type KindOffer,
  type Robot,
  useNotificationKinds,
  useRobots,
  useSaveRobot,
  useTestRobot,
} from '@/api/channels'
import { Chip } from '@/ui/Chip'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import css from './channels.module.css'
import { Outcome, type Tried } from './Outcome'
import { RobotDrawer } from './RobotDrawer'

export function RobotsCard() {
  const { t } = useTranslation('admin')
  const robots = useRobots()
  const kinds = useNotificationKinds()
  const [editing, setEditing] = useState<{ robot?: Robot; key: number }>()
  const add = (
    <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEditing({ key: Date.now() })}>
      {t('robots.add')}
    </Button>
  )
  return (
    <Card title={t('robots.title')} extra={robots.data && robots.data.length > 0 && add}>
      <p className={css.lead}>{t('robots.text')}</p>
      {robots.isPending && <TextSkeleton lines={3} />}
      {robots.isError && !robots.data && (
        <ErrorState error={robots.error} onRetry={() => void robots.refetch()} compact />
      )}
      {robots.data?.length === 0 && (
        <EmptyState
          compact
          icon={<RobotOutlined aria-hidden />}
          title={t('robots.none')}
          text={t('robots.noneText')}
          actions={add}
        />
      )}
      {robots.data && robots.data.length > 0 && (
        <ul className={css.list}>
          {robots.data.map((robot) => (
            <RobotRow
              key={robot.id}
              robot={robot}
              kinds={kinds.data ?? []}
              onEdit={() => setEditing({ robot, key: Date.now() })}
            />
          ))}
        </ul>
      )}
      {editing && (
        <RobotDrawer
          key={editing.key}
          robot={editing.robot}
          kinds={kinds.data ?? []}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Card>
  )
}

function RobotRow({ robot, kinds, onEdit }: { robot: Robot; kinds: KindOffer[]; onEdit(): void }) {
  const { t } = useTranslation('admin')
  const { t: app } = useTranslation()
  const { message } = App.useApp()
  const save = useSaveRobot()
  const test = useTestRobot()
  const [tried, setTried] = useState<Tried>()
  const names = robot.kinds.map((k) => kinds.find((x) => x.kind === k)?.label ?? k)
  const run = () => {
    setTried(undefined)
    test.mutate(robot.id, {
      onSuccess: () => setTried({ ok: true, text: t('robots.sent') }),
      onError: (e) => setTried({ ok: false, text: problemText(e) }),
    })
  }
  return (
    <li className={css.item}>
      <div className={css.line}>
        <div className={css.what}>
          <button type="button" className={css.name} onClick={onEdit}>
            {robot.name}
          </button>
          <span className={css.facts}>
            <span>{t(`robots.formatOf.${robot.format}`)}</span>
            <code>{robot.url}</code>
            {robot.departments.length > 0 && (
              <span>{t('robots.departmentCount', { count: robot.departments.length })}</span>
            )}
          </span>
          <span className={css.chips}>
            {names.slice(0, 6).map((name) => (
              <Chip key={name}>{name}</Chip>
            ))}
            {names.length > 6 && <Chip>{`+${names.length - 6}`}</Chip>}
          </span>
        </div>
        <Switch
          size="small"
          checked={robot.active}
          loading={save.isPending}
          aria-label={t('robots.activeOf', { name: robot.name })}
          onChange={(active) =>
            save.mutate(
              { id: robot.id, values: { active } },
              { onError: (e) => void message.error(problemText(e) || app('state.failedText')) },
            )
          }
        />
        <Button size="small" loading={test.isPending} onClick={run}>
          {t('robots.test')}
        </Button>
        <Button size="small" type="text" onClick={onEdit}>
          {app('action.edit')}
        </Button>
      </div>
      <Outcome tried={tried} />
    </li>
  )
}
