import { afterEach } from 'vitest'

// antd reads matchMedia on render; happy-dom answers "no match" but only when it exists.
if (typeof window !== 'undefined' && !window.matchMedia) {
  window.matchMedia = (query: string) =>
    ({
      matches: false,
      media: query,
      addEventListener() {},
      removeEventListener() {},
      addListener() {},
      removeListener() {},
      onchange: null,
      dispatchEvent: () => false,
    }) as MediaQueryList
}

afterEach(() => {
  document.body.innerHTML = ''
})
