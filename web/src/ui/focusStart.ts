/** Drawers and dialogs take the focus when they have opened; typing should begin in the field marked as the first. */
export function focusStart() {
  const first = document.querySelector<HTMLElement>(
    '[data-form-start] :is(input:not([hidden], [type="hidden"], :disabled), textarea:not(:disabled), [tabindex="0"])',
  )
  const writing = document.activeElement?.closest('input:not([type="radio"], [type="checkbox"]), textarea')
  // Whoever was quicker than the dialog writes on where he is.
  if (writing && first?.closest('.ant-modal, .ant-drawer')?.contains(writing)) return
  first?.focus({ preventScroll: true })
}
