import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { can, useCatalogue, useMay } from '@/api/catalogue'
import { useHasPeople } from '@/api/people'
import { usePools } from '@/api/pools'
import { useSession } from '@/api/session'
import { forecasts } from '@/api/targets'
import { languages } from '@/locales'
import { openNotifications } from '@/modules/notifications/state'
import { type Command, useCommands } from '@/ui/commands'
import { useCreateRecord } from '@/ui/create'
import { openQuick } from '@/ui/quick'
import { midSentence, useLabel } from '@/ui/useLabel'
import { useAppearance } from '../appearance'
import { settingLists } from './settingLists'

type AnyPage =
  | '/'
  | '/trash'
  | '/account'
  | '/admin/users'
  | '/admin/departments'
  | '/admin/roles'
  | '/admin/sharing-rules'
  | '/admin/territories'
  | '/admin/sign-in'
  | '/admin/notifications'
  | '/admin/handovers'
  | '/people'
  | '/pools'
  | '/schedule'
  | '/admin/pools'
  | '/admin/recycle-rules'
  | '/admin/capacities'
  | '/admin/pipelines'
  | '/sales/analysis'
  | '/forecast'
  | '/targets'
  | '/work-reports'
  | '/targets/edit'
  | '/admin/audit'
  | '/admin/data-safety'
  | '/admin/exports'
  | '/admin/workspaces'

/** What can be done from anywhere: go to every list, make every kind of record, change how the page looks. */
export function useShellCommands() {
  const { t } = useTranslation()
  const label = useLabel()
  const { objects, modules } = useCatalogue()
  const admin = useMay('administer')
  const server = useSession().data?.server_administrator === true
  const people = useHasPeople()
  const pools = (usePools().data?.length ?? 0) > 0
  const navigate = useNavigate()
  const create = useCreateRecord()
  const { choice, choose, language, speak } = useAppearance()

  const commands = useMemo(() => {
    const shown = modules.flatMap((m) => m.objects.flatMap((name) => objects[name] ?? []))
    // They stand beside the modules, for administrators.
    const beside = [
      ...(admin ? ['position', 'event_kind', 'access_event'].flatMap((name) => objects[name] ?? []) : []),
      ...settingLists(objects, admin),
    ]
    const pages: {
      path: AnyPage
      name: string
      icon: string
    }[] = [
      { path: '/', name: t('nav.home'), icon: 'home' },
      { path: '/account', name: t('nav.account'), icon: 'user' },
      { path: '/trash', name: t('nav.trash'), icon: 'delete' },
    ]
    if (objects.event) pages.push({ path: '/schedule', name: t('nav.schedule'), icon: 'calendar' })
    if (objects.work_report)
      pages.push({ path: '/work-reports', name: t('nav.workReports'), icon: 'file-done' })
    if (people) pages.push({ path: '/people', name: t('nav.people'), icon: 'team' })
    if (pools) pages.push({ path: '/pools', name: t('nav.pools'), icon: 'inbox' })
    if (objects.opportunity && objects.stage)
      pages.push({ path: '/sales/analysis', name: t('nav.salesAnalysis'), icon: 'funnel-plot' })
    if (forecasts(objects)) pages.push({ path: '/forecast', name: t('nav.forecast'), icon: 'line-chart' })
    if (objects.target) pages.push({ path: '/targets', name: t('nav.targets'), icon: 'aim' })
    if (can(objects.target, 'create'))
      pages.push({ path: '/targets/edit', name: t('nav.setTargets'), icon: 'edit' })
    if (can(objects.stage, 'update'))
      pages.push({ path: '/admin/pipelines', name: t('nav.pipelines'), icon: 'node-index' })
    // Whoever may give records away has handovers of his own to look at.
    const gives = shown.some((o) => o.traits.includes('owned') && can(o, 'transfer') && can(o, 'update'))
    if (gives) pages.push({ path: '/admin/handovers', name: t('nav.handovers'), icon: 'swap' })
    if (admin) {
      pages.push(
        { path: '/admin/users', name: t('nav.users'), icon: 'team' },
        { path: '/admin/departments', name: t('nav.departments'), icon: 'cluster' },
        { path: '/admin/roles', name: t('nav.roles'), icon: 'safety' },
        { path: '/admin/sharing-rules', name: t('nav.sharingRules'), icon: 'share-alt' },
        { path: '/admin/territories', name: t('nav.territories'), icon: 'global' },
        { path: '/admin/sign-in', name: t('nav.signIn'), icon: 'lock' },
        { path: '/admin/notifications', name: t('nav.channels'), icon: 'notification' },
        { path: '/admin/audit', name: t('nav.audit'), icon: 'audit' },
        { path: '/admin/data-safety', name: t('nav.dataSafety'), icon: 'safety' },
        { path: '/admin/exports', name: t('nav.exports'), icon: 'export' },
      )
    }
    if (admin && objects.pool)
      pages.push({ path: '/admin/pools', name: t('nav.poolSettings'), icon: 'inbox' })
    if (admin && objects.recycle_rule)
      pages.push({ path: '/admin/recycle-rules', name: t('nav.recycleRules'), icon: 'history' })
    if (admin && objects.capacity)
      pages.push({ path: '/admin/capacities', name: t('nav.capacities'), icon: 'database' })
    if (server) pages.push({ path: '/admin/workspaces', name: t('nav.workspaces'), icon: 'database' })
    const list: Command[] = [
      ...shown
        .filter((o) => can(o, 'create'))
        .map((o) => ({
          id: `create:${o.name}`,
          group: 'create' as const,
          title: t('palette.createObject', { name: midSentence(label(o.label)) }),
          words: `${o.label.zh} ${o.label.en} ${o.name}`,
          icon: o.icon,
          run: () => create(o.name),
        })),
      ...[...shown, ...beside].map((o) => ({
        id: `go:${o.name}`,
        group: 'go' as const,
        title: t('palette.goTo', { name: midSentence(label(o.plural)) }),
        words: `${o.plural.zh} ${o.plural.en} ${o.name}`,
        icon: o.icon,
        run: () => void navigate({ to: '/o/$object', params: { object: o.name }, search: {} }),
      })),
      ...pages.map((p) => ({
        id: `page:${p.path}`,
        group: 'go' as const,
        title: t('palette.goTo', { name: midSentence(p.name) }),
        words: p.name,
        icon: p.icon,
        run: () => void navigate({ to: p.path }),
      })),
      ...(can(objects.follow_up, 'create')
        ? [
            {
              id: 'quick',
              group: 'create' as const,
              title: t('palette.quick'),
              words: `quick follow-up log ${t('shortcut.note')}`,
              icon: 'message',
              shortcut: 'Q',
              run: () => openQuick(),
            },
          ]
        : []),
      {
        id: 'notifications',
        group: 'go' as const,
        title: t('palette.notifications'),
        words: 'notifications inbox',
        icon: 'bell',
        shortcut: 'I',
        run: openNotifications,
      },
      ...(['light', 'dark', 'system'] as const)
        .filter((c) => c !== choice)
        .map((c) => ({
          id: `theme:${c}`,
          group: 'settings' as const,
          title: t('palette.themeTo', { name: t(`theme.${c}`) }),
          words: `theme ${c}`,
          icon: 'setting',
          run: () => choose(c),
        })),
      ...languages
        .filter((l) => l !== language)
        .map((l) => ({
          id: `language:${l}`,
          group: 'settings' as const,
          title: t('palette.languageTo', { name: t(`language.${l}`) }),
          words: `language ${l}`,
          icon: 'setting',
          run: () => speak(l),
        })),
    ]
    return list
  }, [
    t,
    label,
    objects,
    modules,
    admin,
    server,
    people,
    pools,
    navigate,
    create,
    choice,
    choose,
    language,
    speak,
  ])
  useCommands(commands)
}
