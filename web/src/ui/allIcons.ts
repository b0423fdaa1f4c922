import * as icons from '@ant-design/icons'

export default icons
