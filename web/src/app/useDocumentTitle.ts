import { useRouterState } from '@tanstack/react-router'
import { useEffect } from 'react'

/** The window's title follows the page's own heading, so that tabs can be told apart; `news` stands before it: (3). */
export function useDocumentTitle(suffix: string, news = '') {
  const path = useRouterState({ select: (s) => s.location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew on each page
  useEffect(() => {
    const read = () => {
      const heading = document.querySelector('main h1')?.textContent?.trim()
      const place = heading ? `${heading} · ${suffix}` : suffix
      const title = news ? `(${news}) ${place}` : place
      if (document.title !== title) document.title = title
    }
    read()
    // The heading of a record comes with its data, and changes when it is renamed.
    const watch = new MutationObserver(read)
    const main = document.querySelector('main')
    if (main) watch.observe(main, { subtree: true, childList: true, characterData: true })
    return () => watch.disconnect()
  }, [path, suffix, news])
}
