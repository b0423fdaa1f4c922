export { DepartmentsPage } from './DepartmentsPage'
export { RolesPage } from './roles/RolesPage'
export { UsersPage } from './UsersPage'
