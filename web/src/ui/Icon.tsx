import {
  ApartmentOutlined,
  AppstoreOutlined,
  AuditOutlined,
  BankOutlined,
  BarChartOutlined,
  BellOutlined,
  BookOutlined,
  BranchesOutlined,
  BulbOutlined,
  CalendarOutlined,
  CheckCircleOutlined,
  CheckOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CloseOutlined,
  ClusterOutlined,
  CoffeeOutlined,
  CommentOutlined,
  ContactsOutlined,
  CustomerServiceOutlined,
  DatabaseOutlined,
  DeleteOutlined,
  DollarOutlined,
  EditOutlined,
  FileOutlined,
  FileTextOutlined,
  FlagOutlined,
  FolderOutlined,
  FundOutlined,
  FunnelPlotOutlined,
  GiftOutlined,
  GlobalOutlined,
  HistoryOutlined,
  HomeOutlined,
  IdcardOutlined,
  InboxOutlined,
  KeyOutlined,
  LinkOutlined,
  LockOutlined,
  MailOutlined,
  MessageOutlined,
  NodeIndexOutlined,
  NotificationOutlined,
  OrderedListOutlined,
  PartitionOutlined,
  PhoneOutlined,
  ProductOutlined,
  ProfileOutlined,
  ProjectOutlined,
  SafetyOutlined,
  SettingOutlined,
  ShareAltOutlined,
  ShoppingOutlined,
  StopOutlined,
  TagOutlined,
  TagsOutlined,
  TeamOutlined,
  ToolOutlined,
  UndoOutlined,
  UnlockOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { type ComponentType, lazy, Suspense } from 'react'

type IconProps = { className?: string; 'aria-hidden'?: boolean; style?: React.CSSProperties }

/** The ones our shipped definitions use come with the page; a workspace's own choice is fetched when first seen. */
const known: Record<string, ComponentType<IconProps>> = {
  appstore: AppstoreOutlined,
  partition: PartitionOutlined,
  key: KeyOutlined,
  history: HistoryOutlined,
  'check-circle': CheckCircleOutlined,
  apartment: ApartmentOutlined,
  audit: AuditOutlined,
  bank: BankOutlined,
  'bar-chart': BarChartOutlined,
  bell: BellOutlined,
  book: BookOutlined,
  branches: BranchesOutlined,
  bulb: BulbOutlined,
  calendar: CalendarOutlined,
  check: CheckOutlined,
  'check-square': CheckSquareOutlined,
  'clock-circle': ClockCircleOutlined,
  close: CloseOutlined,
  cluster: ClusterOutlined,
  coffee: CoffeeOutlined,
  comment: CommentOutlined,
  contacts: ContactsOutlined,
  'customer-service': CustomerServiceOutlined,
  database: DatabaseOutlined,
  delete: DeleteOutlined,
  dollar: DollarOutlined,
  edit: EditOutlined,
  file: FileOutlined,
  'file-text': FileTextOutlined,
  flag: FlagOutlined,
  folder: FolderOutlined,
  fund: FundOutlined,
  'funnel-plot': FunnelPlotOutlined,
  gift: GiftOutlined,
  global: GlobalOutlined,
  home: HomeOutlined,
  idcard: IdcardOutlined,
  inbox: InboxOutlined,
  link: LinkOutlined,
  lock: LockOutlined,
  mail: MailOutlined,
  message: MessageOutlined,
  'node-index': NodeIndexOutlined,
  notification: NotificationOutlined,
  'ordered-list': OrderedListOutlined,
  phone: PhoneOutlined,
  product: ProductOutlined,
  profile: ProfileOutlined,
  project: ProjectOutlined,
  safety: SafetyOutlined,
  setting: SettingOutlined,
  'share-alt': ShareAltOutlined,
  shopping: ShoppingOutlined,
  stop: StopOutlined,
  tag: TagOutlined,
  tags: TagsOutlined,
  team: TeamOutlined,
  tool: ToolOutlined,
  undo: UndoOutlined,
  unlock: UnlockOutlined,
  user: UserOutlined,
}

const fetched = new Map<string, ComponentType<IconProps>>()

function others(name: string): ComponentType<IconProps> {
  let icon = fetched.get(name)
  if (!icon) {
    icon = lazy(async () => {
      const all = (await import('./allIcons')).default as unknown as Record<string, ComponentType<IconProps>>
      const pascal = name.replace(/(^|-)([a-z0-9])/g, (_, __, c: string) => c.toUpperCase())
      return { default: all[`${pascal}Outlined`] ?? ProfileOutlined }
    })
    fetched.set(name, icon)
  }
  return icon
}

/** An Ant Design icon by the name the catalogue gives (`team`). Decorative: the words beside it carry the meaning. */
export function Icon({ name, className }: { name: string | undefined; className?: string }) {
  const Found = (name && known[name]) || undefined
  if (Found) return <Found className={className} aria-hidden />
  if (!name) return <ProfileOutlined className={className} aria-hidden />
  const Other = others(name)
  return (
    <Suspense fallback={<ProfileOutlined className={className} aria-hidden />}>
      <Other className={className} aria-hidden />
    </Suspense>
  )
}
