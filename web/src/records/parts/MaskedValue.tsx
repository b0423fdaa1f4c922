import { EyeOutlined } from '@ant-design/icons'
import { App, Button, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useReveal } from '@/api/roles'
import type { RecordData } from '@/api/types'
import { kindOf } from '@/fields/registry'
import type { ShowProps } from '@/fields/types'
import { problemText } from '@/ui/states'
import s from './parts.module.css'

interface Props extends ShowProps {
  object: string
  record: RecordData
}

/** A part of a value and the way to the whole of it, which then stands here until the page is left. */
export function MaskedValue({ object, record, field, value, compact }: Props) {
  const { t } = useTranslation('records')
  const { message } = App.useApp()
  const whole = useReveal(object, record, field.name)
  const shown = whole.isSuccess ? { ...field, masked: false } : field
  const { Show } = kindOf(shown)
  // Half a mail address is no word to be broken over two lines.
  const oneLine = compact || (!whole.isSuccess && field.type !== 'long_text')
  const look = async () => {
    const { error } = await whole.refetch()
    if (error) void message.error(problemText(error) || t('masked.failed'))
  }
  return (
    <span className={s.masked}>
      <Show field={shown} value={whole.isSuccess ? whole.data : value} record={record} compact={oneLine} />
      {!whole.isSuccess && (
        <Tooltip title={t('masked.hint')}>
          <Button
            type="text"
            size="small"
            className={s.look}
            icon={<EyeOutlined aria-hidden />}
            loading={whole.isFetching}
            aria-label={t('masked.show')}
            onClick={(e) => {
              e.stopPropagation()
              void look()
            }}
          />
        </Tooltip>
      )}
    </span>
  )
}
