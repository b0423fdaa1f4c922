import { Alert, Button, Checkbox, Input } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Holding, Holdings } from '@/api/handovers'
import { PeoplePick } from '@/records/handover/PeoplePick'
import { Card } from '@/ui/Page'
import { HoldingLine } from './HoldingLine'
import css from './handover.module.css'
import { type Choices, isOn, keyOf, type LineChoice, linesOf } from './plan'

interface Props {
  holdings: Holdings
  choices: Choices
  /** Whether the account may be closed afterwards. */
  mayClose: boolean
  troubles: Map<string, string>
  onChange(change: (old: Choices) => Choices): void
  onNext(): void
  onCancel(): void
}

/** What goes, and to whom. */
export function ChooseStep({ holdings, choices, mayClose, troubles, onChange, onNext, onCancel }: Props) {
  const { t } = useTranslation('handover')
  const { t: app } = useTranslation()
  const id = useId()
  const { records, places } = linesOf(holdings)
  const from = holdings.user
  const none = records.length === 0 && places.length === 0
  const setLine = (item: Holding, change: Partial<LineChoice>) =>
    onChange((old) => ({
      ...old,
      lines: { ...old.lines, [keyOf(item)]: { ...old.lines[keyOf(item)], ...change } },
    }))
  const group = (title: string, text: string, items: Holding[]) =>
    items.length > 0 && (
      <Card title={title} flush>
        <p className={css.cardText}>{text}</p>
        <ul className={css.lines}>
          {items.map((item) => (
            <HoldingLine
              key={keyOf(item)}
              item={item}
              from={from}
              on={isOn(item, choices)}
              common={choices.common}
              choice={choices.lines[keyOf(item)] ?? {}}
              troubles={troubles}
              onChange={(change) => setLine(item, change)}
            />
          ))}
        </ul>
      </Card>
    )

  return (
    <div className={css.step}>
      {none ? (
        <Alert type="info" showIcon title={t('choose.none', { name: from.title ?? '' })} />
      ) : (
        <div className={css.field}>
          <label htmlFor={id} className={css.strong}>
            {t('choose.common')}
          </label>
          <PeoplePick
            id={id}
            label={t('recipients')}
            value={choices.common}
            without={from.id}
            onChange={(common) => onChange((old) => ({ ...old, common }))}
            autoFocus
          />
          <span className={css.quiet}>{t('choose.commonText')}</span>
        </div>
      )}
      {group(t('choose.records'), t('choose.recordsText'), records)}
      {group(t('choose.places'), t('choose.placesText'), places)}
      {mayClose && (
        <div>
          <Checkbox
            checked={choices.deactivate}
            onChange={(e) => onChange((old) => ({ ...old, deactivate: e.target.checked }))}
          >
            {t('choose.deactivate')}
          </Checkbox>
          <p className={css.lineText}>{t('choose.deactivateText')}</p>
        </div>
      )}
      <div className={css.field}>
        <label htmlFor={`${id}-note`}>{t('note')}</label>
        <Input.TextArea
          id={`${id}-note`}
          value={choices.note}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 6 }}
          placeholder={t('choose.notePlaceholder')}
          onChange={(e) => onChange((old) => ({ ...old, note: e.target.value }))}
        />
      </div>
      {troubles.has('') && <Alert type="error" showIcon role="alert" title={troubles.get('')} />}
      <div className={css.foot}>
        <Button onClick={onCancel}>{app('action.cancel')}</Button>
        <Button type="primary" onClick={onNext} disabled={none && !mayClose}>
          {t('choose.next')}
        </Button>
      </div>
    </div>
  )
}
