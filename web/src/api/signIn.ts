import { useMutation, useQuery } from '@tanstack/react-query'
import { type ApiError, api } from './client'
import { keys, queryClient } from './queryClient'
import { tabWorkspace } from './workspace'

export const passwordKinds = ['any', 'letters_digits', 'mixed'] as const
export type PasswordKinds = (typeof passwordKinds)[number]

/** What a password must be like. The server decides; this is to tell it in time. */
export interface PasswordRules {
  min_length: number
  kinds: PasswordKinds
  history: number
}

export interface WorkspaceRef {
  name: string
  /** May be empty. */
  title: string
}

/** How one signs in here, for everybody. */
export interface SignInOffers {
  password: PasswordRules
  /** Where there is a provider: what it is called. */
  oidc?: { label: string } | null
  /** The one asked for, if the host's name says so or it is the home workspace. */
  workspace?: WorkspaceRef | null
  /** Those anybody may know of. */
  workspaces?: WorkspaceRef[]
  /** The host's name has chosen the workspace. */
  fixed?: boolean
}

export const standardRules: PasswordRules = { min_length: 8, kinds: 'any', history: 0 }

/** `null` asks for no workspace in particular. */
export function useSignInOffers(workspace: string | null = tabWorkspace() ?? null) {
  return useQuery({
    queryKey: keys.offersOf(workspace),
    queryFn: ({ signal }) =>
      api.get<SignInOffers>('/sign-in', { signal, keepOn401: true, anonymous: true, workspace }),
  })
}

export const usePasswordRules = () => useSignInOffers().data?.password ?? standardRules

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
      void queryClient.invalidateQueries({ queryKey: keys.offers })
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

export const oidcLinks = ['none', 'login', 'email'] as const

export interface OidcSettings {
  enabled: boolean
  issuer: string
  client_id: string
  /** Whether there is one; it never leaves the server. */
  client_secret: boolean
  page: string
  redirect: string
  scopes: string[]
  login_claim: string
  link: (typeof oidcLinks)[number]
  create: boolean
  role: string
  label: string
}

export type OidcInput = Partial<Omit<OidcSettings, 'client_secret' | 'redirect'>> & { client_secret?: string }

export function useOidcSettings() {
  return useQuery({
    queryKey: keys.oidcSettings,
    queryFn: ({ signal }) => api.get<OidcSettings>('/sign-in/oidc', { signal }),
  })
}

export function useChangeOidcSettings() {
  return useMutation<OidcSettings, ApiError, OidcInput>({
    mutationFn: (changes) => api.patch<OidcSettings>('/sign-in/oidc', changes),
    onSuccess: (settings) => {
      queryClient.setQueryData(keys.oidcSettings, settings)
      void queryClient.invalidateQueries({ queryKey: keys.offers })
    },
  })
}

export interface LdapSettings {
  enabled: boolean
  address: string
  starttls: boolean
  ca: string
  bind_dn: string
  /** Whether there is one; it never leaves the server. */
  bind_password: boolean
  base_dn: string
  filter: string
  login_attribute: string
  name_attribute: string
  email_attribute: string
  id_attribute: string
  link: boolean
  create: boolean
  role: string
}

export type LdapInput = Partial<Omit<LdapSettings, 'bind_password'>> & { bind_password?: string }

export function useLdapSettings(options: { enabled: boolean } = { enabled: true }) {
  return useQuery({
    queryKey: keys.ldapSettings,
    queryFn: ({ signal }) => api.get<LdapSettings>('/sign-in/ldap', { signal }),
    ...options,
  })
}

export function useChangeLdapSettings() {
  return useMutation<LdapSettings, ApiError, LdapInput>({
    mutationFn: (changes) => api.patch<LdapSettings>('/sign-in/ldap', changes),
    onSuccess: (settings) => void queryClient.setQueryData(keys.ldapSettings, settings),
  })
}

/** What a trial of the directory came to, in the viewer's language. */
export interface LdapTrial {
  ok: boolean
  steps: { step: string; ok: boolean; text: string }[]
}

export const useTryLdap = () =>
  useMutation<LdapTrial, ApiError, { login?: string; password?: string }>({
    mutationFn: (given) => api.post<LdapTrial>('/sign-in/ldap/test', given),
  })

export interface OidcIdentity {
  /** What the provider is called; nothing where there is none. */
  label: string | null
  since: string | null
}

export function useOidcIdentity() {
  return useQuery({
    queryKey: keys.oidcIdentity,
    queryFn: ({ signal }) => api.get<OidcIdentity>('/oidc/identity', { signal }),
  })
}

/** Answers where the browser must go. */
export const useLinkOidc = () =>
  useMutation<{ url: string }, ApiError, void>({
    mutationFn: () => api.post<{ url: string }>('/oidc/link', {}),
  })

export const useUnlinkOidc = () =>
  useMutation<void, ApiError, void>({
    mutationFn: () => api.delete<void>('/oidc/identity'),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.oidcIdentity }),
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

export interface ApiToken {
  id: string
  name: string
  created_at?: string
  expires_at?: string | null
  /** All of the user's without. */
  roles?: string[] | null
  /** Only in the answer of POST. */
  token?: string
}
