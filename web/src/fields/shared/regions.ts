import type { Lang, Region } from '@/api/types'

export interface RegionIndex {
  byCode: Map<string, Region>
  tree: RegionNode[]
}
export interface RegionNode {
  value: string
  label: string
  children?: RegionNode[]
}

const nameOf = (r: Region, lang: Lang) => (lang === 'en' ? (r.en ?? r.name) : r.name)

const built = new WeakMap<Region[], Partial<Record<Lang, RegionIndex>>>()

/** Built once per language from the division list. */
export function regionIndex(regions: Region[], lang: Lang): RegionIndex {
  const kept = built.get(regions) ?? {}
  const hit = kept[lang]
  if (hit) return hit
  const byCode = new Map(regions.map((r) => [r.code, r]))
  const nodes = new Map<string, RegionNode>(
    regions.map((r) => [r.code, { value: r.code, label: nameOf(r, lang) }]),
  )
  const tree: RegionNode[] = []
  for (const r of regions) {
    const node = nodes.get(r.code)
    if (!node) continue
    const parent = r.parent === null ? undefined : nodes.get(r.parent)
    if (!parent) tree.push(node)
    else {
      parent.children ??= []
      parent.children.push(node)
    }
  }
  const index = { byCode, tree }
  built.set(regions, { ...kept, [lang]: index })
  return index
}

/** From the province down. */
export function regionPath(index: RegionIndex, code: string): Region[] {
  const path: Region[] = []
  let at = index.byCode.get(code)
  while (at && path.length < 6) {
    path.unshift(at)
    at = at.parent === null ? undefined : index.byCode.get(at.parent)
  }
  return path
}

/** 广东省 深圳市 南山区; a municipality's double (北京市 北京市) is said once. */
export function regionText(index: RegionIndex, code: string, lang: Lang): string {
  const names = regionPath(index, code)
    .map((r) => nameOf(r, lang))
    .filter((n, i, list) => n !== list[i - 1] && n !== '市辖区')
  if (names.length === 0) return code
  return lang === 'zh' ? names.join(' ') : names.reverse().join(', ')
}
