import { LeftOutlined, PlusOutlined, RightOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldDef, Ref } from '@/api/types'
import { fieldKinds } from '@/fields/registry'
import { useNarrow } from '@/records/parts/useNarrow'
import { today } from '@/ui/time'
import { useShortcut } from '@/ui/useShortcut'
import { SPANS, type Span, turned } from './model'
import css from './schedule.module.css'

interface Props {
  on: string
  span: Span
  days: string[]
  people: Ref[]
  show(change: { on?: string; span?: Span; people?: Ref[] }): void
  onCreate?(): void
}

/** Which days, in which form, whose. */
export function ScheduleHead({ on, span, days, people, show, onCreate }: Props) {
  const { t } = useTranslation('schedule')
  const narrow = useNarrow()
  const id = useId()
  useShortcut('t', () => show({ on: today() }))
  useShortcut('c', () => onCreate?.(), { enabled: onCreate !== undefined })
  const field: FieldDef = {
    ...({ label: { zh: t('whose'), en: t('whose') } } as FieldDef),
    name: 'people',
    type: 'multi_lookup',
    to: 'user',
  }
  const People = fieldKinds.multi_lookup.Edit
  const [first = on, last = on] = [days[0], days[days.length - 1]]
  const title =
    span === 'month'
      ? dayjs(on).format(t('format.month'))
      : span === 'day'
        ? dayjs(on).format(t('format.day'))
        : `${dayjs(first).format(t('format.date'))} – ${dayjs(last).format(t('format.date'))}`
  const options = SPANS.map((value) => ({ value, label: t(`span.${value}`) }))
  return (
    <header className={css.head}>
      <h1>{t('title')}</h1>
      <Button size="small" onClick={() => show({ on: today() })} disabled={on === today()}>
        {t('today')}
      </Button>
      <Button
        size="small"
        type="text"
        icon={<LeftOutlined aria-hidden />}
        aria-label={t('previous')}
        onClick={() => show({ on: turned(on, span, -1) })}
      />
      <Button
        size="small"
        type="text"
        icon={<RightOutlined aria-hidden />}
        aria-label={t('next')}
        onClick={() => show({ on: turned(on, span, 1) })}
      />
      <strong aria-live="polite" className={css.period}>
        {title}
      </strong>
      <span className={css.spacer} />
      {narrow ? (
        <Select
          size="small"
          value={span}
          aria-label={t('spans')}
          popupMatchSelectWidth={false}
          options={options}
          onChange={(value: Span) => show({ span: value })}
        />
      ) : (
        <Segmented
          size="small"
          value={span}
          aria-label={t('spans')}
          options={options}
          onChange={(value) => show({ span: value as Span })}
        />
      )}
      <div className={css.people}>
        <label htmlFor={id} className="gx-visually-hidden">
          {t('whose')}
        </label>
        <People
          id={id}
          field={field}
          value={people}
          onChange={(chosen) => show({ people: (chosen as Ref[] | null) ?? [] })}
        />
      </div>
      <Link
        to="/o/$object"
        params={{ object: 'event' }}
        search={{}}
        className={css.asList}
        aria-label={t('asList')}
        title={t('asList')}
      >
        <UnorderedListOutlined aria-hidden />
      </Link>
      {onCreate && (
        <Button type="primary" size="small" icon={<PlusOutlined aria-hidden />} onClick={onCreate}>
          {t('form.new')}
        </Button>
      )}
    </header>
  )
}
