const place = (code: string) => ({ member: 0, manager: 1, administrator: 3 })[code] ?? 2

/** From the narrowest to the widest; a company's own roles stand before the one that may do everything. */
export const inOrder = <T>(roles: readonly T[], codeOf: (role: T) => string): T[] =>
  [...roles].sort((a, b) => place(codeOf(a)) - place(codeOf(b)))
