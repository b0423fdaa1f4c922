import type { Robot, RobotFormat, RobotInput } from '@/api/channels'

export interface RobotValues {
  name: string
  format: RobotFormat
  /** Empty keeps the address there is, which is only known shortened. */
  url: string
  secret: string
  /** Removes the secret there is. */
  forget: boolean
  kinds: string[]
  departments: string[]
  active: boolean
}

/** What is sent: all of a new robot, of one there is without what was left as it was. */
export function robotChanges(robot: Robot | undefined, values: RobotValues): RobotInput {
  const { url, secret, forget, name, ...rest } = values
  return {
    ...rest,
    name: name.trim(),
    ...(url.trim() !== '' || !robot ? { url: url.trim() } : {}),
    ...(robot?.secret && forget ? { secret: '' } : secret !== '' ? { secret } : {}),
  }
}
