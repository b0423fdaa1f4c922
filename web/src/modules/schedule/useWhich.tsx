import { Modal, Radio } from 'antd'
import { type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry, Which } from '@/api/schedule'
import css from './schedule.module.css'

type Purpose = 'move' | 'edit' | 'remove'

interface Question {
  purpose: Purpose
  done(which: Which | null): void
}

/** Asks how much of a series is meant; what does not repeat is meant as a whole. */
export function useWhich(): [(entry: Entry, purpose: Purpose) => Promise<Which | null>, ReactNode] {
  const { t } = useTranslation('schedule')
  const { t: app } = useTranslation()
  const [question, setQuestion] = useState<Question>()
  const [which, setWhich] = useState<Which>('one')
  const ask = useCallback(async (entry: Entry, purpose: Purpose) => {
    if (!entry.repeats) return 'all' as const
    setWhich('one')
    return new Promise<Which | null>((done) => setQuestion({ purpose, done }))
  }, [])
  const close = (answer: Which | null) => {
    question?.done(answer)
    setQuestion(undefined)
  }
  const node = (
    <Modal
      open={question !== undefined}
      title={question && t(`which.${question.purpose}`)}
      okText={app(question?.purpose === 'remove' ? 'action.delete' : 'action.save')}
      cancelText={app('action.cancel')}
      okButtonProps={{ danger: question?.purpose === 'remove' }}
      onOk={() => close(which)}
      onCancel={() => close(null)}
      width={360}
      destroyOnHidden
    >
      <Radio.Group
        className={css.which}
        value={which}
        onChange={(e) => setWhich(e.target.value as Which)}
        options={(['one', 'following', 'all'] as const).map((value) => ({
          value,
          label: t(`which.${value}`),
        }))}
      />
    </Modal>
  )
  return [ask, node]
}
