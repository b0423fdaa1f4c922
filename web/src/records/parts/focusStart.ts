/** Drawers and dialogs take the focus when they have opened; typing should begin in the field marked as the first. */
export function focusStart() {
  document
    .querySelector<HTMLElement>('[data-form-start] :is(input, textarea, [tabindex="0"])')
    ?.focus({ preventScroll: true })
}
