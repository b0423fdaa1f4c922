export { HandoverPage } from './HandoverPage'
export { HandoversPage } from './HandoversPage'
export { WizardPage } from './WizardPage'
