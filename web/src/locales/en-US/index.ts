import antd from 'antd/es/locale/en_US'
import admin from './admin.json'
import app from './app.json'
import fields from './fields.json'
import forecast from './forecast.json'
import handover from './handover.json'
import home from './home.json'
import notifications from './notifications.json'
import people from './people.json'
import pools from './pools.json'
import quick from './quick.json'
import records from './records.json'
import sales from './sales.json'
import schedule from './schedule.json'
import targets from './targets.json'
import trade from './trade.json'
import work from './work.json'
import 'dayjs/locale/en'

export const resources = {
  app,
  fields,
  records,
  home,
  admin,
  forecast,
  handover,
  notifications,
  people,
  pools,
  quick,
  sales,
  schedule,
  targets,
  trade,
  work,
}
export { antd }
