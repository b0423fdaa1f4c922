import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useRecord } from '@/api/hooks'
import type { ObjectDef, RecordData } from '@/api/types'
import { followed, followUpOf } from '@/records/detail/followUp'
import { focusStart } from '@/ui/focusStart'
import { closeQuick, type QuickSubject, useQuick } from '@/ui/quick'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState } from '@/ui/states'
import { Entry } from './Entry'
import { SubjectPick } from './SubjectPick'

/** One box for a follow-up, from anywhere: what was said, and what comes next is read out of it. */
export function QuickEntry() {
  const { t } = useTranslation('quick')
  const { open, subject } = useQuick()
  const { objects } = useCatalogue()
  const follow = objects.follow_up
  if (!follow) return null
  const asked = subject && objects[subject.object]
  // On a record that no follow-up can be about one chooses, as anywhere else.
  const given = asked && followUpOf(objects, asked) ? subject : undefined
  return (
    <Modal
      open={open}
      onCancel={closeQuick}
      title={t('title')}
      footer={null}
      width="min(640px, calc(100vw - 16px))"
      style={{ top: 48 }}
      destroyOnHidden
      // The dialog takes the focus as it opens; where nobody is chosen yet, choosing comes first.
      afterOpenChange={(shown) => shown && focusStart()}
      mask={{ closable: false }}
    >
      <Inside key={given ? `${given.object}/${given.id}` : 'any'} given={given} />
    </Modal>
  )
}

function Inside({ given }: { given: QuickSubject | undefined }) {
  const { objects } = useCatalogue()
  const kinds = followed(objects)
  const [chosen, setChosen] = useState<QuickSubject>()
  const subject = given ?? chosen
  const object = subject && objects[subject.object]
  const record = useRecord(subject?.object ?? '', subject?.id, { enabled: object !== undefined })
  return (
    <>
      {!given && <SubjectPick kinds={kinds} value={chosen} onChange={setChosen} />}
      {subject && record.isError && !record.data ? (
        <ErrorState compact error={record.error} onRetry={() => void record.refetch()} />
      ) : subject && !record.data ? (
        <TextSkeleton lines={4} />
      ) : (
        <Entry
          // Without a record the text is kept for whichever will be chosen.
          name={given ? `quick:${given.object}:${given.id}` : 'quick'}
          about={about(object, record.data)}
          chosen={given === undefined}
        />
      )}
    </>
  )
}

const about = (object: ObjectDef | undefined, record: RecordData | undefined) =>
  object && record ? { object, record } : undefined
