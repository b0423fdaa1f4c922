const copied = [
  'boxSizing',
  'width',
  'paddingTop',
  'paddingRight',
  'paddingBottom',
  'paddingLeft',
  'borderTopWidth',
  'borderRightWidth',
  'borderBottomWidth',
  'borderLeftWidth',
  'fontFamily',
  'fontSize',
  'fontWeight',
  'fontStyle',
  'letterSpacing',
  'lineHeight',
  'tabSize',
] as const

/** Where a place of the text stands on the screen: a text area does not tell, so its text is laid out once more beside it. */
export function caretPlace(
  area: HTMLTextAreaElement,
  at: number,
): { left: number; top: number; bottom: number } {
  const twin = document.createElement('div')
  const style = window.getComputedStyle(area)
  for (const name of copied) twin.style[name] = style[name]
  Object.assign(twin.style, {
    position: 'fixed',
    visibility: 'hidden',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'break-word',
    top: '0',
    left: '0',
  })
  twin.textContent = area.value.slice(0, at)
  const mark = document.createElement('span')
  mark.textContent = '@'
  twin.append(mark)
  document.body.append(twin)
  const [box, own, spot] = [
    area.getBoundingClientRect(),
    twin.getBoundingClientRect(),
    mark.getBoundingClientRect(),
  ]
  twin.remove()
  const left = box.left + spot.left - own.left - area.scrollLeft
  const top = box.top + spot.top - own.top - area.scrollTop
  return { left, top, bottom: top + (spot.height || 20) }
}
