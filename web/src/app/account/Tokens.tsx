import { ApiOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { url } from '@/api/client'
import { useRevokeToken, useTokens } from '@/api/session'
import type { ApiToken } from '@/api/signIn'
import { Card } from '@/ui/Page'
import { TextSkeleton } from '@/ui/Skeletons'
import { EmptyState, ErrorState, problemText } from '@/ui/states'
import { isPast } from '@/ui/time'
import { RelativeTime } from '@/ui/values'
import { useRoleText } from '../useRoleText'
import css from './account.module.css'
import { NewToken } from './NewToken'

function Row({ token }: { token: ApiToken }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const revoke = useRevokeToken()
  const roleText = useRoleText()
  const expired = token.expires_at ? isPast(token.expires_at) : false
  return (
    <li className={css.token}>
      <div>
        <div className={css.tokenName}>{token.name}</div>
        <div className={css.tokenFacts}>
          {token.created_at && (
            <span>
              {t('account.created')} <RelativeTime value={token.created_at} />
            </span>
          )}
          {token.roles && <span>{t('account.onlyRoles', { roles: roleText(token.roles) })}</span>}
          {expired ? (
            <span className={css.gone}>{t('account.expired')}</span>
          ) : (
            <span>
              {token.expires_at ? (
                <>
                  {t('account.expiresAt')} <RelativeTime value={token.expires_at} />
                </>
              ) : (
                t('account.never')
              )}
            </span>
          )}
        </div>
      </div>
      <Popconfirm
        title={t('account.revokeAsk', { name: token.name })}
        description={t('account.revokeText')}
        okText={t('account.revoke')}
        okButtonProps={{ danger: true }}
        placement="topRight"
        onConfirm={() =>
          revoke.mutateAsync(token.id).then(
            () => void message.success(t('account.revoked')),
            (e: unknown) => void message.error(problemText(e) || t('state.failedText')),
          )
        }
      >
        <Button danger type="text" size="small">
          {t('account.revoke')}
        </Button>
      </Popconfirm>
    </li>
  )
}

export function Tokens() {
  const { t } = useTranslation()
  const tokens = useTokens()
  const [making, setMaking] = useState(false)
  const add = (
    <Button icon={<PlusOutlined aria-hidden />} onClick={() => setMaking(true)}>
      {t('account.newToken')}
    </Button>
  )
  return (
    <Card title={t('account.tokens')} extra={tokens.data && tokens.data.length > 0 && add}>
      <p className={css.lead}>
        {t('account.tokensText')} <a href={url('/openapi.json')}>{t('account.apiDocs')}</a>
      </p>
      {tokens.isPending && <TextSkeleton lines={2} />}
      {tokens.isError && <ErrorState error={tokens.error} onRetry={() => void tokens.refetch()} compact />}
      {tokens.data?.length === 0 && (
        <EmptyState
          icon={<ApiOutlined aria-hidden />}
          title={t('account.noTokens')}
          text={t('account.noTokensText')}
          actions={add}
        />
      )}
      {tokens.data && tokens.data.length > 0 && (
        <ul className={css.tokens}>
          {tokens.data.map((token) => (
            <Row key={token.id} token={token} />
          ))}
        </ul>
      )}
      <NewToken open={making} onClose={() => setMaking(false)} />
    </Card>
  )
}
