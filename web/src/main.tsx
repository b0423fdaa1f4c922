import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { catalogueQuery } from './api/catalogue'
import { queryClient } from './api/queryClient'
import { sessionQuery } from './api/session'
import { App } from './app/App'
import { modeOf, paint, storedChoice } from './app/theme'
import { startI18n } from './locales'
import './app/global.css'

paint(modeOf(storedChoice()))
// Asked for while the words load, so that the shell has both when it first draws.
void queryClient.prefetchQuery(sessionQuery)
if (!/^\/(sign-in|setup)/.test(location.pathname)) void queryClient.prefetchQuery(catalogueQuery)

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
await startI18n()
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
