import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Level } from '@/api/team'
import s from './team.module.css'

interface Props {
  value: Level
  onChange(level: Level): void
  label: string
  quiet?: boolean
}

const levels: readonly Level[] = ['read', 'write']

export function LevelSelect({ value, onChange, label, quiet }: Props) {
  const { t } = useTranslation('records')
  return (
    <Select<Level>
      className={`${s.level} ${quiet ? s.quietSelect : ''}`}
      variant={quiet ? 'borderless' : undefined}
      size={quiet ? 'small' : 'middle'}
      popupMatchSelectWidth={false}
      aria-label={label}
      value={value}
      onChange={onChange}
      options={levels.map((level) => ({ value: level, label: t(`team.level.${level}`) }))}
    />
  )
}
