export { SchedulePage, type ScheduleSearch } from './SchedulePage'
