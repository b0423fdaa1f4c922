import { useRouter } from '@tanstack/react-router'

/** Where to go once one is in. */
export function useNext(next: string | undefined): (moved: boolean) => void {
  const router = useRouter()
  return (moved) => {
    // The page starts afresh in another workspace: nothing of the former one stays in memory, and its places are not there.
    if (moved) location.assign('/')
    else router.history.push(next ?? '/')
  }
}
