import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import page from '@/ui/page.module.css'
import {
  kindOfPeriod,
  kinds,
  type Period,
  type PeriodKind,
  periodName,
  periodOf,
  resized,
  shifted,
} from './period'
import css from './targets.module.css'
import { usePeriodWord } from './words'

interface Props {
  period: Period
  onChange(period: Period): void
  /** Without a choice of sizes: only years. */
  years?: boolean
}

/** Year, quarter or month, and which of them. */
export function PeriodPicker({ period, onChange, years }: Props) {
  const { t } = useTranslation('targets')
  const word = usePeriodWord()
  const kind = kindOfPeriod(period)
  const current = periodOf(kind)
  const step = (by: number) => {
    const next = shifted(period, by)
    if (next) onChange(next)
  }
  return (
    <>
      {!years && (
        <Segmented<PeriodKind>
          aria-label={t('period.kind')}
          value={kind}
          options={kinds.map((value) => ({ value, label: t(`period.${value}`) }))}
          onChange={(value) => onChange(resized(period, value))}
        />
      )}
      <span className={page.stepper}>
        <Button
          type="text"
          icon={<LeftOutlined aria-hidden />}
          aria-label={t('period.previous')}
          disabled={!shifted(period, -1)}
          onClick={() => step(-1)}
        />
        <strong aria-live="polite" className={css.period}>
          {word(period)}
        </strong>
        <Button
          type="text"
          icon={<RightOutlined aria-hidden />}
          aria-label={t('period.next')}
          disabled={!shifted(period, 1)}
          onClick={() => step(1)}
        />
        <Button
          size="small"
          disabled={periodName(current) === periodName(period)}
          onClick={() => onChange(current)}
        >
          {t(`period.this.${kind}`)}
        </Button>
      </span>
    </>
  )
}
