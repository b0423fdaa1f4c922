/** With whom most is late, and then who was heard of least; equals stay in the order of their names, in which they come. */
export const byNeed = <P extends { id: string }>(
  people: readonly P[],
  late: (id: string) => number,
  heard: (id: string) => number,
): P[] => [...people].sort((a, b) => late(b.id) - late(a.id) || heard(a.id) - heard(b.id))
