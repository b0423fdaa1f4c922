import { useSearch } from '@tanstack/react-router'
import { Button, Steps } from 'antd'
import { useTranslation } from 'react-i18next'
import { mayImport, useImport, useObject } from '@/api/hooks'
import type { ObjectDef } from '@/api/types'
import { TextSkeleton } from '@/ui/Skeletons'
import { ErrorState, NoPermission } from '@/ui/states'
import { midSentence, useLabel } from '@/ui/useLabel'
import { ListLink, useGo } from '../data/nav'
import { useObjectName } from '../data/useListState'
import { useNarrow } from '../parts/useNarrow'
import { FormerImports } from './FormerImports'
import { ImportRun } from './ImportRun'
import s from './import.module.css'
import { MappingStep } from './MappingStep'
import { UploadStep } from './UploadStep'

/** File → mapping → trial → import. The import in hand stands in the address, so a reload goes on where one was. */
export function ImportPage() {
  const name = useObjectName()
  const object = useObject(name)
  const { t } = useTranslation('records')
  if (!object) return <NoPermission title={t('list.unknownTitle')} text={t('list.unknownText')} />
  if (!mayImport(object)) return <NoPermission />
  return <Wizard object={object} />
}

function Wizard({ object }: { object: ObjectDef }) {
  const { t } = useTranslation('records')
  const label = useLabel()
  const go = useGo()
  const narrow = useNarrow()
  const search = useSearch({ strict: false }) as { id?: string; step?: string }
  const id = search.id === undefined ? undefined : String(search.id)
  const query = useImport(id)
  const info = query.data
  const open = (next: { id?: string; step?: string }) =>
    void go.search((old) => ({ ...old, id: next.id, step: next.step }), false)
  // The mapping can be looked at again after a trial; a real run is past that.
  const mapping = info && (info.state === 'uploaded' || (info.dry_run && search.step === 'mapping'))
  const step = !id ? 0 : mapping ? 1 : info?.dry_run ? 2 : 3

  return (
    <div className={s.page}>
      <header className={s.head}>
        <ListLink object={object.name} className={s.crumb}>
          {label(object.plural)}
        </ListLink>
        <h1>{t('import.title', { objects: midSentence(label(object.plural)) })}</h1>
      </header>
      <Steps
        size="small"
        // Beside each other also on a phone, with the words below: four lines of steps would push the work off the screen.
        responsive={false}
        titlePlacement={narrow ? 'vertical' : 'horizontal'}
        current={step}
        className={s.steps}
        items={(['file', 'mapping', 'trial', 'run'] as const).map((key) => ({
          title: t(`import.step.${key}`),
        }))}
      />
      {!id ? (
        <>
          <UploadStep object={object} onUploaded={(next) => open({ id: next })} />
          <FormerImports object={object} onOpen={(next) => open({ id: next })} />
        </>
      ) : query.isError && !info ? (
        <ErrorState
          error={query.error}
          onRetry={() => void query.refetch()}
          actions={<Button onClick={() => open({})}>{t('import.other')}</Button>}
        />
      ) : !info ? (
        <TextSkeleton lines={6} />
      ) : mapping ? (
        <MappingStep
          key={info.id}
          object={object}
          info={info}
          onStarted={() => open({ id: info.id })}
          onOther={() => open({})}
        />
      ) : (
        <ImportRun
          object={object}
          info={info}
          onMapping={() => open({ id: info.id, step: 'mapping' })}
          onOther={() => open({})}
        />
      )}
    </div>
  )
}
