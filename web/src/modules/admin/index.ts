export { DepartmentsPage } from './DepartmentsPage'
export { RolesPage } from './roles/RolesPage'
export { SignInSettingsPage } from './sign-in/SignInSettingsPage'
export { UsersPage } from './UsersPage'
