export { DepartmentsPage } from './DepartmentsPage'
export { UsersPage } from './UsersPage'
