import { CheckOutlined, LoadingOutlined, WarningOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/ui/number'
import { useMonthWord } from '../words'
import css from './edit.module.css'
import { type Line, monthsOf } from './model'
import type { Grid } from './useGrid'

/** What becomes of what was typed into a line. */
export function RowState({ grid, line }: { grid: Grid; line: Line }) {
  const { t } = useTranslation('targets')
  const month = useMonthWord()
  const status = grid.status[line.key]
  if (!status) {
    return grid.typed[line.key] ? <span className={css.state}>{t('edit.unsaved')}</span> : null
  }
  if (status.is === 'saving') {
    return (
      <span className={css.state} role="status">
        <LoadingOutlined aria-hidden /> {t('edit.saving')}
      </span>
    )
  }
  if (status.is === 'saved') {
    return (
      <span className={`${css.state} ${css.good}`} role="status">
        <CheckOutlined aria-hidden /> {t('edit.saved')}
      </span>
    )
  }
  if (status.is === 'failed') {
    return (
      <span className={`${css.state} ${css.bad}`} role="alert">
        <WarningOutlined aria-hidden /> {status.text || t('edit.failed')}
        <Button size="small" type="link" onClick={() => void grid.save(line.key)}>
          {t('edit.again')}
        </Button>
      </span>
    )
  }
  const theirs = monthsOf(status.current)
  return (
    <span className={`${css.state} ${css.bad}`} role="alert">
      <WarningOutlined aria-hidden />{' '}
      {t('edit.clash', {
        cells: status.cells
          .map((i) =>
            t('edit.clashCell', {
              month: month(i + 1),
              value: theirs[i] ? formatNumber(theirs[i]) : t('edit.nothing'),
            }),
          )
          .join(t('edit.comma')),
      })}
      <Button size="small" type="link" onClick={() => void grid.settle(line.key, true)}>
        {t('edit.mine')}
      </Button>
      <Button size="small" type="link" onClick={() => void grid.settle(line.key, false)}>
        {t('edit.theirs')}
      </Button>
    </span>
  )
}
