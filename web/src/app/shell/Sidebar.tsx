import {
  AimOutlined,
  ApartmentOutlined,
  AuditOutlined,
  CalendarOutlined,
  DatabaseOutlined,
  DeleteOutlined,
  DoubleLeftOutlined,
  DoubleRightOutlined,
  FileDoneOutlined,
  FileProtectOutlined,
  FileSearchOutlined,
  FunnelPlotOutlined,
  GlobalOutlined,
  HomeOutlined,
  HourglassOutlined,
  IdcardOutlined,
  InboxOutlined,
  LineChartOutlined,
  LockOutlined,
  NodeIndexOutlined,
  NotificationOutlined,
  SafetyOutlined,
  SearchOutlined,
  SecurityScanOutlined,
  ShareAltOutlined,
  SolutionOutlined,
  SwapOutlined,
  SyncOutlined,
  TagsOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { Button } from 'antd'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useMay } from '@/api/catalogue'
import { useHasPeople } from '@/api/people'
import { usePools } from '@/api/pools'
import { useSession } from '@/api/session'
import { forecasts } from '@/api/targets'
import { Icon } from '@/ui/Icon'
import { useLabel } from '@/ui/useLabel'
import { modKey } from '@/ui/useShortcut'
import { Kbd } from '@/ui/values'
import { Bell } from '../notifications/Bell'
import { openPalette } from '../palette/state'
import { AccountMenu } from './AccountMenu'
import { Item } from './NavItem'
import { inMenu, settingLists } from './settingLists'
import css from './shell.module.css'

interface Props {
  collapsed?: boolean
  onCollapse?: () => void
  onNavigate?: () => void
}

export function Sidebar({ collapsed = false, onCollapse, onNavigate }: Props) {
  const { t } = useTranslation()
  const label = useLabel()
  const { modules, objects, workspace } = useCatalogue()
  const admin = useMay('administer')
  const server = useSession().data?.server_administrator === true
  const people = useHasPeople()
  const pools = (usePools().data?.length ?? 0) > 0
  const shared = { collapsed, onNavigate }
  const title = workspace.title || t('name')

  const groups = modules
    .map((m) => ({ ...m, objects: m.objects.flatMap((name) => objects[name] ?? []).filter(inMenu) }))
    .filter((m) => m.objects.length > 0)
  // Below customers, or whatever first of what lies in pools is there.
  const shown = groups.flatMap((m) => m.objects)
  const abovePools =
    pools &&
    (shown.find((o) => o.name === 'customer') ?? shown.find((o) => o.fields.pool?.to === 'pool'))?.name
  const mayForecast = forecasts(objects)
  // Below what they are reached with.
  const aboveTargets =
    objects.target &&
    (shown.find((o) => o.name === 'opportunity') ?? shown.find((o) => o.name === 'customer'))?.name
  // Below what is done, or last of all.
  const aboveReports = objects.work_report && (shown.find((o) => o.name === 'task') ?? shown.at(-1))?.name

  return (
    <nav className={css.nav} aria-label={t('nav.label')}>
      <div className={css.sideHead}>
        <span className={css.logo} aria-hidden>
          <img src="/favicon.svg" alt="" width={24} height={24} />
        </span>
        {!collapsed && (
          <span className={css.brand}>
            <span className={css.brandName}>{title}</span>
            {workspace.demo && <span className={css.demo}>{t('nav.demo')}</span>}
          </span>
        )}
        {/* On a phone it stands in the header. */}
        {onCollapse && <Bell />}
      </div>
      <button
        type="button"
        className={css.search}
        aria-label={collapsed ? t('nav.search') : undefined}
        aria-keyshortcuts={modKey === '⌘' ? 'Meta+K' : 'Control+K'}
        onClick={() => {
          onNavigate?.()
          openPalette()
        }}
      >
        <SearchOutlined aria-hidden />
        {!collapsed && (
          <>
            <span className={css.searchText}>{t('nav.search')}</span>
            <span className={css.searchKeys}>
              <Kbd>{modKey}</Kbd>
              <Kbd>K</Kbd>
            </span>
          </>
        )}
      </button>
      <div className={css.scroll}>
        <ul className={css.list}>
          <Item to="/" exact icon={<HomeOutlined aria-hidden />} text={t('nav.home')} {...shared} />
          {people && (
            <Item to="/people" icon={<TeamOutlined aria-hidden />} text={t('nav.people')} {...shared} />
          )}
        </ul>
        {groups.map((m) => (
          <div key={m.name}>
            {!collapsed && <h2 className={css.group}>{label(m.label)}</h2>}
            <ul className={`${css.list} ${collapsed ? css.ruled : ''}`} aria-label={label(m.label)}>
              {m.objects.map((o) => (
                <Fragment key={o.name}>
                  {o.name === 'event' ? (
                    <Item
                      to="/schedule"
                      icon={<CalendarOutlined aria-hidden />}
                      text={t('nav.schedule')}
                      {...shared}
                    />
                  ) : (
                    <Item
                      to="/o/$object"
                      params={{ object: o.name }}
                      icon={<Icon name={o.icon ?? m.icon} />}
                      text={label(o.plural, o.name)}
                      {...shared}
                    />
                  )}
                  {o.name === 'opportunity' && objects.stage && (
                    <Item
                      to="/sales/analysis"
                      icon={<FunnelPlotOutlined aria-hidden />}
                      text={t('nav.salesAnalysis')}
                      {...shared}
                    />
                  )}
                  {o.name === 'opportunity' && mayForecast && (
                    <Item
                      to="/forecast"
                      icon={<LineChartOutlined aria-hidden />}
                      text={t('nav.forecast')}
                      {...shared}
                    />
                  )}
                  {o.name === aboveTargets && (
                    <Item
                      to="/targets"
                      icon={<AimOutlined aria-hidden />}
                      text={t('nav.targets')}
                      {...shared}
                    />
                  )}
                  {o.name === aboveReports && (
                    <Item
                      to="/work-reports"
                      icon={<FileDoneOutlined aria-hidden />}
                      text={t('nav.workReports')}
                      {...shared}
                    />
                  )}
                  {o.name === abovePools && (
                    <Item
                      to="/pools"
                      icon={<InboxOutlined aria-hidden />}
                      text={t('nav.pools')}
                      {...shared}
                    />
                  )}
                </Fragment>
              ))}
            </ul>
          </div>
        ))}
        {admin && (
          <div>
            {!collapsed && <h2 className={css.group}>{t('nav.admin')}</h2>}
            <ul className={`${css.list} ${collapsed ? css.ruled : ''}`} aria-label={t('nav.admin')}>
              <Item
                to="/admin/users"
                icon={<IdcardOutlined aria-hidden />}
                text={t('nav.users')}
                {...shared}
              />
              <Item
                to="/admin/departments"
                icon={<ApartmentOutlined aria-hidden />}
                text={t('nav.departments')}
                {...shared}
              />
              {objects.position && (
                <Item
                  to="/o/$object"
                  params={{ object: 'position' }}
                  icon={<SolutionOutlined aria-hidden />}
                  text={t('nav.positions')}
                  {...shared}
                />
              )}
              <Item
                to="/admin/roles"
                icon={<SafetyOutlined aria-hidden />}
                text={t('nav.roles')}
                {...shared}
              />
              {objects.sharing_rule && (
                <Item
                  to="/admin/sharing-rules"
                  icon={<ShareAltOutlined aria-hidden />}
                  text={t('nav.sharingRules')}
                  {...shared}
                />
              )}
              {objects.territory && (
                <Item
                  to="/admin/territories"
                  icon={<GlobalOutlined aria-hidden />}
                  text={t('nav.territories')}
                  {...shared}
                />
              )}
              {objects.stage && (
                <Item
                  to="/admin/pipelines"
                  icon={<NodeIndexOutlined aria-hidden />}
                  text={t('nav.pipelines')}
                  {...shared}
                />
              )}
              {objects.pool && (
                <Item
                  to="/admin/pools"
                  icon={<InboxOutlined aria-hidden />}
                  text={t('nav.poolSettings')}
                  {...shared}
                />
              )}
              {objects.recycle_rule && (
                <Item
                  to="/admin/recycle-rules"
                  icon={<SyncOutlined aria-hidden />}
                  text={t('nav.recycleRules')}
                  {...shared}
                />
              )}
              {objects.capacity && (
                <Item
                  to="/admin/capacities"
                  icon={<HourglassOutlined aria-hidden />}
                  text={t('nav.capacities')}
                  {...shared}
                />
              )}
              {settingLists(objects, true).map((o) => (
                <Item
                  key={o.name}
                  to="/o/$object"
                  params={{ object: o.name }}
                  icon={<Icon name={o.icon} />}
                  text={label(o.plural, o.name)}
                  {...shared}
                />
              ))}
              {objects.event_kind && (
                <Item
                  to="/o/$object"
                  params={{ object: 'event_kind' }}
                  icon={<TagsOutlined aria-hidden />}
                  text={t('nav.eventKinds')}
                  {...shared}
                />
              )}
              <Item
                to="/admin/sign-in"
                icon={<LockOutlined aria-hidden />}
                text={t('nav.signIn')}
                {...shared}
              />
              <Item
                to="/admin/notifications"
                icon={<NotificationOutlined aria-hidden />}
                text={t('nav.channels')}
                {...shared}
              />
              <Item
                to="/admin/audit"
                icon={<FileSearchOutlined aria-hidden />}
                text={t('nav.audit')}
                {...shared}
              />
              <Item
                to="/admin/data-safety"
                icon={<SecurityScanOutlined aria-hidden />}
                text={t('nav.dataSafety')}
                {...shared}
              />
              <Item
                to="/admin/exports"
                icon={<FileProtectOutlined aria-hidden />}
                text={t('nav.exports')}
                {...shared}
              />
              <Item
                to="/admin/handovers"
                icon={<SwapOutlined aria-hidden />}
                text={t('nav.handovers')}
                {...shared}
              />
              {server && (
                <Item
                  to="/admin/workspaces"
                  icon={<DatabaseOutlined aria-hidden />}
                  text={t('nav.workspaces')}
                  {...shared}
                />
              )}
              {objects.access_event && (
                <Item
                  to="/o/$object"
                  params={{ object: 'access_event' }}
                  icon={<AuditOutlined aria-hidden />}
                  text={t('nav.accessLog')}
                  {...shared}
                />
              )}
            </ul>
          </div>
        )}
      </div>
      <ul className={`${css.list} ${css.foot}`}>
        <Item to="/trash" icon={<DeleteOutlined aria-hidden />} text={t('nav.trash')} {...shared} />
      </ul>
      <div className={css.me}>
        <AccountMenu collapsed={collapsed} onNavigate={onNavigate} />
        {onCollapse && (
          <Button
            type="text"
            size="small"
            icon={collapsed ? <DoubleRightOutlined aria-hidden /> : <DoubleLeftOutlined aria-hidden />}
            aria-label={t(collapsed ? 'nav.expand' : 'nav.collapse')}
            onClick={onCollapse}
          />
        )}
      </div>
    </nav>
  )
}
