import { afterEach, expect, it } from 'vitest'
import { focusStart } from './focusStart'

afterEach(() => {
  document.body.innerHTML = ''
})
const at = () => (document.activeElement as HTMLElement).id
const focus = (id: string) => document.getElementById(id)?.focus()

it('passes by what cannot be typed into', () => {
  document.body.innerHTML = `<div data-form-start><input hidden id="login"><input type="hidden" id="kept">
    <input disabled id="fixed"><textarea disabled id="closed"></textarea><input id="first"></div>`
  focusStart()
  expect(at()).toBe('first')
})

it('begins in the first field, and lets who was quicker write on', () => {
  document.body.innerHTML = `<input id="page"><div class="ant-modal"><input type="radio" id="kind">
    <div data-form-start><input id="first"></div><textarea id="second"></textarea></div>`
  focus('page')
  focusStart()
  expect(at()).toBe('first')
  focus('kind')
  focusStart()
  expect(at()).toBe('first')
  focus('second')
  focusStart()
  expect(at()).toBe('second')
})
