import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Rights } from '@/api/roles'
import css from './roles.module.css'

interface Props {
  rights: Rights
  onChange(rights: Rights): void
  disabled?: boolean
}

/** From where the role gives its rights. The server judges what is typed. */
export function Networks({ rights, onChange, disabled }: Props) {
  const { t } = useTranslation('admin')
  return (
    <section className={css.part}>
      <h3>{t('roles.addresses')}</h3>
      <p className={css.partText}>{t('roles.addressesText')}</p>
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        aria-label={t('roles.addresses')}
        placeholder={t('roles.addressesHint')}
        className={css.networks}
        disabled={disabled}
        tokenSeparators={[' ', ',', ';', '，', '、', '；']}
        value={rights.addresses ?? []}
        onChange={(addresses: string[]) =>
          onChange({ ...rights, addresses: addresses.map((a) => a.trim()).filter((a) => a !== '') })
        }
      />
    </section>
  )
}
