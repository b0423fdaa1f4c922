"""Who plays: twelve people of a company that sells instruments, and the names of those they sell to."""

from dataclasses import dataclass

MANAGER, MEMBER = "manager", "member"


@dataclass
class Person:
    """Somebody of the team, and how he works: what part of his people he contacts in a day, and how well he closes."""

    login: str
    name: str
    role: str
    department: str
    diligence: float = 0.0
    closing: float = 0.0
    page: object = None
    api: object = None

    @property
    def id(self):
        return self.api.id


SALES, EAST, SOUTH, MARKETING = "销售部", "销售部/华东", "销售部/华南", "市场部"

TEAM = [
    Person("zhouming", "周明", MANAGER, SALES),
    Person("linyue", "林悦", MANAGER, EAST),
    Person("hejun", "何军", MANAGER, SOUTH),
    Person("zhangwei", "张伟", MEMBER, EAST, 0.95, 0.60),
    Person("wangfang", "王芳", MEMBER, EAST, 0.85, 0.50),
    Person("lina", "李娜", MEMBER, EAST, 0.70, 0.45),
    Person("liuyang", "刘洋", MEMBER, EAST, 0.35, 0.30),
    Person("chenjing", "陈静", MEMBER, SOUTH, 0.90, 0.65),
    Person("huangqiang", "黄强", MEMBER, SOUTH, 0.80, 0.40),
    Person("wumin", "吴敏", MEMBER, SOUTH, 0.60, 0.50),
    Person("zhaolei", "赵磊", MEMBER, SOUTH, 0.40, 0.25),
    Person("sunli", "孙丽", MEMBER, MARKETING),
]

CALLS = {
    "call": ["电话沟通了检测项目，对方下周给答复。", "电话确认采购流程，需要三家比价。", "电话里说预算已经报上去。"],
    "visit": ["上门演示了样机，技术科比较认可。", "拜访采购科，拿到了设备清单。", "现场看了旧设备，谈到以旧换新。"],
    "message": ["微信发了产品手册和报价区间。", "微信约了下周的演示时间。"],
    "mail": ["邮件发送了正式方案。", "邮件答复了技术参数的三个问题。"],
}
RESULTS = ["interested", "progress", "considering", "appointment", "no_answer"]
REASONS = ["price", "competitor", "budget", "no_decision"]
INVALID = ["no_need", "wrong_number", "unreachable"]
RIVALS = ["康仪科技", "博测仪器"]
PRODUCTS = [("便携式检测仪", "28500"), ("台式分析仪", "126000")]

_BRANDS = "澜海 启明 远景 恒泰 嘉禾 金石 百川 云帆 瑞丰 同辉 天宇 华信 安捷 博远 德润 鼎新 富春 广源 和顺 景程 凯达 隆盛 明德 宁远".split()
_TRADES = "医疗器械 自动化 食品 物流 环保 新材料 软件 机电 生物 光电".split()
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "建国 秀英 文博 思远 雅琴 志强 晓燕 海涛 丽华 俊杰 慧敏 国栋 佳怡 振宇 春梅 立新".split()


class Strangers:
    """People and companies that nobody knows yet: each comes once."""

    def __init__(self, dice):
        self.companies = [f"{brand}{trade}有限公司" for brand in _BRANDS for trade in _TRADES]
        dice.shuffle(self.companies)
        self.dice, self.met = dice, 0

    def next(self):
        """Company, person, mobile."""
        company = self.companies[self.met]
        self.met += 1
        person = self.dice.choice(_SURNAMES) + self.dice.choice(_GIVEN)
        return company, person, f"138{20000000 + self.met * 137:08d}"
