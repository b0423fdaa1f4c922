import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import { keys, queryClient } from './queryClient'

export const passwordKinds = ['any', 'letters_digits', 'mixed'] as const
export type PasswordKinds = (typeof passwordKinds)[number]

/** What a password must be like. The server decides; this is to tell it in time. */
export interface PasswordRules {
  min_length: number
  kinds: PasswordKinds
  history: number
}

/** How one signs in here, for everybody. */
export interface SignInOffers {
  password: PasswordRules
}

const standard: PasswordRules = { min_length: 8, kinds: 'any', history: 0 }

export function useSignInOffers() {
  return useQuery({
    queryKey: keys.signIn,
    queryFn: ({ signal }) => api.get<SignInOffers>('/sign-in', { signal, keepOn401: true }),
  })
}

export const usePasswordRules = () => useSignInOffers().data?.password ?? standard

export interface SignInSettings extends PasswordRules {
  max_age_days: number
  totp_for_all: boolean
  totp_roles: string[]
  lock_after: number
  address_lock_after: number
  lock_minutes: number
}

/** For administrators only. */
export function useSignInSettings(options: { enabled: boolean }) {
  return useQuery({
    queryKey: keys.signInSettings,
    queryFn: ({ signal }) => api.get<SignInSettings>('/sign-in/settings', { signal }),
    ...options,
  })
}

export function useChangeSignInSettings() {
  return useMutation<SignInSettings, ApiError, Partial<SignInSettings>>({
    mutationFn: (changes) => api.patch<SignInSettings>('/sign-in/settings', changes),
    onSuccess: (settings) => {
      queryClient.setQueryData(keys.signInSettings, settings)
      void queryClient.invalidateQueries({ queryKey: keys.signIn, exact: true })
    },
  })
}

/** What an authenticator app needs; shown while it is set up. */
export interface Enrolment {
  secret: string
  uri: string
}

export interface TotpState {
  since: string | null
  recovery_codes_left: number
  required: boolean
}

export function useTotp() {
  return useQuery({
    queryKey: keys.totp,
    queryFn: ({ signal }) => api.get<TotpState>('/session/totp', { signal }),
  })
}

interface Proofs {
  password?: string
  code?: string
}

export const useBeginTotp = () =>
  useMutation<Enrolment, ApiError, Proofs>({
    mutationFn: (proofs) => api.post<Enrolment>('/session/totp', proofs),
  })

export const useTotpVerb = (verb: 'confirm' | 'recovery-codes' | 'disable') =>
  useMutation<{ recovery_codes: string[] } | undefined, ApiError, Proofs>({
    mutationFn: (proofs) => api.post(`/session/totp/${verb}`, proofs),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.totp }),
  })

export interface LockedUser {
  id: string
  name: string
  login: string
  locked_until: string
}

export function useLockedUsers(options: { enabled: boolean }) {
  return useQuery({
    queryKey: keys.locked,
    queryFn: async ({ signal }) =>
      (await api.get<{ items: LockedUser[] }>('/sign-in/locked', { signal })).items,
    staleTime: 0,
    ...options,
  })
}
