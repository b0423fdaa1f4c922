import { Cascader } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRegions } from '@/api/catalogue'
import { keys, queryClient } from '@/api/queryClient'
import type { Region } from '@/api/types'
import { matchesText } from '@/ui/pinyin'
import { Bone } from '@/ui/Skeletons'
import { useLang } from '@/ui/useLabel'
import { Dash } from '@/ui/values'
import { filterOf } from '../shared/filterOf'
import { type RegionNode, regionIndex, regionPath, regionText } from '../shared/regions'
import css from '../shared/shared.module.css'
import { asStrings, asText, emptyValue } from '../shared/values'
import type { EditProps, FieldKind, ShowProps } from '../types'

function Show({ value, compact }: ShowProps) {
  const lang = useLang()
  const { data, isPending } = useRegions(!emptyValue(value))
  if (emptyValue(value)) return <Dash />
  if (!data) return isPending ? <Bone width={80} /> : <span>{asText(value)}</span>
  const text = regionText(regionIndex(data, lang), asText(value), lang)
  return (
    <span className={compact ? css.line : undefined} title={compact ? text : undefined}>
      {text}
    </span>
  )
}

const showSearch = {
  limit: 60,
  filter: (q: string, path: RegionNode[]) => {
    // 广东深圳: what is typed may run over several levels.
    const joined = path.map((p) => p.label).join('')
    return path.some((p) => matchesText(q, p.label)) || matchesText(q, joined)
  },
}

function useShared({ id, autoFocus, disabled, status, onCommit, onCancel }: EditProps) {
  const { t } = useTranslation('fields')
  const lang = useLang()
  const { data, isPending } = useRegions()
  const index = data && regionIndex(data, lang)
  const codes = (code: string) => (index ? regionPath(index, code).map((r) => r.code) : [])
  return {
    codes,
    props: {
      id,
      autoFocus,
      disabled,
      status,
      options: index?.tree ?? [],
      loading: isPending,
      changeOnSelect: true,
      showSearch,
      onBlur: onCommit,
      onKeyDown: (e: React.KeyboardEvent) => {
        if (e.key === 'Escape') onCancel?.()
      },
      placeholder: t('region.hint'),
      'aria-label': id ? undefined : t('region.hint'),
      style: { width: '100%', minWidth: 180 },
    },
  }
}

function Edit(props: EditProps) {
  const { codes, props: shared } = useShared(props)
  return (
    <Cascader<RegionNode>
      {...shared}
      value={emptyValue(props.value) ? undefined : codes(asText(props.value))}
      onChange={(path) => props.onChange(path?.at(-1) ?? null)}
      defaultOpen={props.autoFocus && props.onCommit !== undefined}
      displayRender={(labels) => labels.filter((l, i) => l !== labels[i - 1] && l !== '市辖区').join(' ')}
      allowClear
    />
  )
}

function Many(props: EditProps) {
  const { codes, props: shared } = useShared(props)
  return (
    <Cascader
      {...shared}
      multiple
      maxTagCount="responsive"
      value={asStrings(props.value).map(codes)}
      onChange={(paths) =>
        props.onChange(paths.flatMap((p) => (p.at(-1) as string | null | undefined) ?? []))
      }
    />
  )
}

export const region: FieldKind = {
  Show,
  Edit,
  Filter: filterOf({ one: Edit, many: Many }),
  width: 168,
  isEmpty: emptyValue,
  toText: (v, _, { lang }) => {
    const list = queryClient.getQueryData<Region[]>(keys.regions)
    return list && !emptyValue(v) ? regionText(regionIndex(list, lang), asText(v), lang) : asText(v)
  },
}
