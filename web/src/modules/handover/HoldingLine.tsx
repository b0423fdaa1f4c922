import { PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '@/api/catalogue'
import { randomKey } from '@/api/client'
import type { Holding } from '@/api/handovers'
import type { Ref } from '@/api/types'
import { AlongChoices } from '@/records/handover/AlongChoices'
import { PeoplePick } from '@/records/handover/PeoplePick'
import { Person } from '@/ui/Avatar'
import { formatNumber } from '@/ui/number'
import css from './handover.module.css'
import { keyOf, type LineChoice, type Split } from './plan'
import { SplitEdit } from './SplitEdit'
import { useHoldingLabel } from './useHoldingLabel'

interface Props {
  item: Holding
  from: Ref
  on: boolean
  common: Ref[]
  choice: LineChoice
  /** By line, or by line and split. */
  troubles: Map<string, string>
  onChange(change: Partial<LineChoice>): void
}

/** One kind of thing that somebody has: whether it goes, to whom, what goes along, and how it is split. */
export function HoldingLine({ item, from, on, common, choice, troubles, onChange }: Props) {
  const { t } = useTranslation('handover')
  const id = useId()
  const { objects } = useCatalogue()
  const object = objects[item.object]
  const name = useHoldingLabel()(item)
  const splits = choice.splits ?? []
  const trouble = troubles.get(keyOf(item))
  const setSplit = (key: string, change: Partial<Split>) =>
    onChange({ splits: splits.map((split) => (split.key === key ? { ...split, ...change } : split)) })

  return (
    <li className={`${css.line} ${on ? '' : css.lineOff}`}>
      <div className={css.lineHead}>
        <Checkbox checked={on} onChange={(e) => onChange({ on: e.target.checked })} className={css.check}>
          <span className={css.lineName}>{name}</span>
        </Checkbox>
        <span className={css.count}>
          {formatNumber(item.count)}
          {item.pending !== null && (
            <span className={css.pending}>
              {t('line.pending', { count: item.pending, shown: formatNumber(item.pending) })}
            </span>
          )}
        </span>
        {on && (
          <span className={css.lineActions}>
            {choice.to === undefined && (
              <Button size="small" type="text" onClick={() => onChange({ to: common })}>
                {t('line.override')}
                <span className="gx-visually-hidden">{` ${name}`}</span>
              </Button>
            )}
            {item.field === 'owner' && object && (
              <Button
                size="small"
                type="text"
                icon={<PlusOutlined aria-hidden />}
                onClick={() => onChange({ splits: [...splits, { key: randomKey().slice(0, 8), to: [] }] })}
              >
                {t('line.split')}
                <span className="gx-visually-hidden">{` ${name}`}</span>
              </Button>
            )}
          </span>
        )}
      </div>
      {item.stays && <p className={css.lineText}>{t('line.stays')}</p>}
      {on && (
        <div className={css.lineBody}>
          {object &&
            splits.map((split, i) => (
              <SplitEdit
                key={split.key}
                number={i + 1}
                object={object}
                split={split}
                from={from}
                trouble={troubles.get(`${keyOf(item)} ${split.key}`)}
                onChange={(change) => setSplit(split.key, change)}
                onRemove={() => onChange({ splits: splits.filter((other) => other.key !== split.key) })}
              />
            ))}
          {choice.to !== undefined ? (
            <div className={css.field}>
              <label htmlFor={id}>
                {splits.length > 0 ? t('line.rest') : t('line.recipients', { name })}
              </label>
              <div className={css.pick}>
                <PeoplePick
                  id={id}
                  label={t('recipients')}
                  value={choice.to}
                  without={from.id}
                  onChange={(to) => onChange({ to })}
                  trouble={trouble}
                />
                <Button type="text" onClick={() => onChange({ to: undefined })}>
                  {t('line.asCommon')}
                </Button>
              </div>
            </div>
          ) : (
            splits.length > 0 && (
              <p className={css.rest}>
                {t('line.restToCommon')}
                {common.map((who) => (
                  <Person key={who.id} who={who} />
                ))}
              </p>
            )
          )}
          {trouble && (
            <span role="alert" className={css.trouble}>
              {trouble}
            </span>
          )}
          {object && (
            <AlongChoices
              object={object}
              along={item.along}
              value={item.along.filter((other) => !choice.behind?.includes(other))}
              onChange={(along) => onChange({ behind: item.along.filter((o) => !along.includes(o)) })}
            />
          )}
        </div>
      )}
    </li>
  )
}
