import { useState } from 'react'
import { useSignInOffers } from '@/api/signIn'
import { doorWorkspace, workspaceName } from '@/api/workspace'
import { useSettled } from '@/ui/useSettled'

interface Asked {
  /** Named by the page's address. */
  workspace?: string
  /** Somebody who is signed in wants another one. */
  switch?: boolean
}

/** Which workspace one signs in to. A server with one only lets nothing be seen of it but a small link. */
export function useWorkspaceChoice(asked: Asked) {
  const [first] = useState(() => (asked.switch ? asked.workspace : doorWorkspace(asked.workspace)) ?? '')
  const [value, setValue] = useState(first)
  const [opened, setOpened] = useState(asked.switch === true)
  const [clicked, setClicked] = useState(false)
  const [wrong, setWrong] = useState(false)

  // What there is to choose from does not depend on what is chosen; whose provider it is does.
  const base = useSignInOffers(null)
  const fixed = base.data?.fixed === true
  const home = base.data?.workspace ?? undefined
  const typed = value.trim() !== ''
  const named = workspaceName(value)
  const unnameable = !fixed && typed && named === undefined
  // Said also where it is home: the browser may still have a session elsewhere, which would be taken for the answer.
  const name = fixed || !typed ? home?.name : named
  const settled = useSettled(fixed || !typed ? null : (named ?? null))
  const own = useSignInOffers(settled)

  // The home workspace needs no name, so nobody is bothered with it.
  const elsewhere = first !== '' && !base.isPending && first !== home?.name
  const open = !fixed && (opened || elsewhere)
  return {
    value,
    name,
    /** Another one than the server's own. */
    away: open && typed,
    open,
    /** By a click just now: it takes the focus. */
    opened: clicked,
    /** May be opened. */
    closed: !fixed && !open && !base.isPending,
    wrong,
    offers: base.data,
    title: open ? undefined : home?.title,
    provider: unnameable ? undefined : own.data?.oidc?.label,
    show: () => {
      setClicked(true)
      setOpened(true)
    },
    choose: (text: string) => {
      setWrong(false)
      setValue(text)
    },
    /** Before sending: whether the text can be a name at all. */
    check: () => {
      setWrong(unnameable)
      return !unnameable
    },
  }
}
