export { AuditPage } from './audit/AuditPage'
export { DepartmentsPage } from './DepartmentsPage'
export { RolesPage } from './roles/RolesPage'
export { UsersPage } from './UsersPage'
