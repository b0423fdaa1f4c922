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
  const { fixed, workspace: home } = base.data ?? {}
  const name = fixed ? home?.name : workspaceName(value)
  const settled = useSettled(name ?? null)
  const own = useSignInOffers(fixed ? null : settled)

  // The home workspace needs no name, so nobody is bothered with it.
  const away = first !== '' && !base.isPending && first !== home?.name
  const open = !fixed && (opened || away)
  return {
    value,
    name,
    open,
    /** By a click just now: it takes the focus. */
    opened: clicked,
    /** May be opened. */
    closed: !fixed && !open && !base.isPending,
    wrong,
    offers: base.data,
    title: open ? undefined : home?.title,
    provider: own.data?.oidc?.label,
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
      const bad = open && value.trim() !== '' && name === undefined
      setWrong(bad)
      return !bad
    },
  }
}
