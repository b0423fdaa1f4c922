import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { onSignedOut } from '@/api/client'
import { keys, queryClient } from '@/api/queryClient'
import { forget } from '@/api/session'
import { AppearanceProvider } from './appearance'
import { router } from './router'

// The session ended under the page (expired, or signed out in another tab): to the door, and back to this place afterwards.
// Drafts stay in the browser, so nothing that was typed is lost on the way.
onSignedOut(() => {
  // Nobody was signed in to begin with: the router already shows the door.
  if (!queryClient.getQueryData(keys.session)) return
  queryClient.setQueryData(keys.session, null)
  const { href, pathname } = router.state.location
  if (pathname === '/sign-in') return
  void router.navigate({ to: '/sign-in', search: { next: href, expired: true } }).then(forget)
})

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <AppearanceProvider>
        <RouterProvider router={router} />
      </AppearanceProvider>
    </QueryClientProvider>
  )
}
