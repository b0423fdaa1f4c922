import { Alert, Button, InputNumber, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/catalogue'
import { type DataSafety, useDataSafety, useSaveDataSafety } from '@/api/settings'
import { Card, Page } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission, problemText } from '@/ui/states'
import css from './safety.module.css'

const limits = ['export_rows_per_day', 'approve_exports_above', 'records_per_hour'] as const

/** What keeps a company's data from being carried away: watermark, limits, approval. */
export function DataSafetyPage() {
  const { t } = useTranslation('admin')
  const admin = useMay('administer')
  const settings = useDataSafety()
  return (
    <Page title={t('safety.title')} narrow>
      {!admin ? (
        <NoPermission />
      ) : settings.isError ? (
        <ErrorState error={settings.error} onRetry={() => void settings.refetch()} />
      ) : settings.data ? (
        <Settings saved={settings.data} />
      ) : (
        <TextSkeleton lines={8} />
      )}
    </Page>
  )
}

function Settings({ saved }: { saved: DataSafety }) {
  const { t } = useTranslation('admin')
  const id = useId()
  const [edited, setEdited] = useState<Partial<DataSafety>>({})
  const save = useSaveDataSafety()
  const shown = { ...saved, ...edited }
  const dirty = Object.entries(edited).some(([key, value]) => saved[key as keyof DataSafety] !== value)
  const set = (part: Partial<DataSafety>) => {
    save.reset()
    setEdited({ ...edited, ...part })
  }
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault()
        save.mutate(shown, { onSuccess: () => setEdited({}) })
      }}
    >
      <Card title={t('safety.watermark')}>
        <div className={css.row}>
          <div className={css.words}>
            <label htmlFor={`${id}-watermark`}>{t('safety.watermarkOn')}</label>
            <span id={`${id}-watermark-text`}>{t('safety.watermarkText')}</span>
          </div>
          <Switch
            id={`${id}-watermark`}
            aria-describedby={`${id}-watermark-text`}
            checked={shown.watermark}
            onChange={(watermark) => set({ watermark })}
          />
        </div>
      </Card>
      <Card title={t('safety.limits')}>
        {limits.map((name) => {
          const problem = save.error?.forField(name)
          return (
            <div key={name} className={css.row}>
              <div className={css.words}>
                <label htmlFor={`${id}-${name}`}>{t(`safety.${name}`)}</label>
                <span id={`${id}-${name}-text`}>{problem ?? t(`safety.${name}_text`)}</span>
              </div>
              <InputNumber<number>
                id={`${id}-${name}`}
                aria-describedby={`${id}-${name}-text`}
                className={css.number}
                status={problem ? 'error' : undefined}
                min={name === 'approve_exports_above' ? 0 : 1}
                max={1_000_000_000}
                precision={0}
                value={shown[name]}
                placeholder={t('safety.unlimited')}
                onChange={(value) => set({ [name]: value ?? null })}
              />
            </div>
          )
        })}
      </Card>
      {save.isError && !save.error.problem.errors?.length && (
        <Alert
          type="error"
          showIcon
          title={problemText(save.error) || t('state.failedText', { ns: 'app' })}
        />
      )}
      <div className={css.foot}>
        <Button type="primary" htmlType="submit" disabled={!dirty} loading={save.isPending}>
          {t('safety.save')}
        </Button>
        {save.isSuccess && !dirty && <span role="status">{t('safety.saved')}</span>}
      </div>
    </form>
  )
}
