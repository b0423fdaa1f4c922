import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { type Ability, recordAbilities } from '@/api/abilities'
import css from './roles.module.css'

const all: readonly Ability[] = [...recordAbilities, 'customize', 'administer']

interface Props {
  title: string
  text: string
  value: Ability[]
  onChange(abilities: Ability[]): void
  disabled?: boolean
}

/** What a role may do beyond single records, each with what it means. */
export function AbilityChoices({ title, text, value, onChange, disabled }: Props) {
  const { t } = useTranslation('admin')
  return (
    <section className={css.part}>
      <h3>{title}</h3>
      <p className={css.partText}>{text}</p>
      <div className={css.abilities} role="group" aria-label={title}>
        {all.map((ability) => (
          <Checkbox
            key={ability}
            checked={value.includes(ability)}
            disabled={disabled}
            onChange={(e) =>
              onChange(all.filter((a) => (a === ability ? e.target.checked : value.includes(a))))
            }
          >
            <span className={css.ability}>
              <span>{t(`ability.${ability}`)}</span>
              <span className={css.abilityText}>{t(`abilityText.${ability}`)}</span>
            </span>
          </Checkbox>
        ))}
      </div>
    </section>
  )
}
