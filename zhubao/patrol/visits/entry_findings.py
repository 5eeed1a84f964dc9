"""What can be wrong with a filled-in list of visits (PA-121 to PA-133)."""

from __future__ import annotations

from zhubao.core.finding import Severity, declare

_REFUSED = "这一行没有录入"

NO_LIST = declare(
    "PA-121",
    "文件里没有巡查清单",
    Severity.ERROR,
    "没有找到有“家庭编号”和“巡查日期”两列的表，什么也没有录入",
    "用 zhubao patrol plan 生成的清单填写，不要改表头；别处的表，把这两列的表头改成台账的写法",
    bad="导入的工作簿里只有一张考勤表",
    good="导入的表有“家庭编号”“巡查日期”“是否见到”几列",
)
ENTRY_NO_HOUSEHOLD = declare(
    "PA-122",
    "巡查清单里缺家庭编号",
    Severity.ERROR,
    "这一行填了巡查情况，没有家庭编号，没有录入",
    "补上家庭编号后重新录入；已录入的行不会重复",
    bad="手工加了一行，只写了姓名",
    good="每行都有家庭编号",
)
ENTRY_UNKNOWN = declare(
    "PA-123",
    "巡查清单里的家庭编号不认识",
    Severity.ERROR,
    f"保障家庭台账里没有编号 {{household}}，{_REFUSED}",
    "核对家庭编号；抄错的改正后重新录入",
    bad="家庭编号写成 JT99999，台账里没有",
    good="家庭编号与保障家庭台账一致",
)
ENTRY_UNDATED = declare(
    "PA-124",
    "巡查没有日期",
    Severity.ERROR,
    f"{{household}} 填了巡查情况，没有填巡查日期，{_REFUSED}",
    "补填巡查日期后重新录入；已录入的行不会重复",
    bad="“是否见到”填了“是”，巡查日期空着",
    good="巡查日期填 2020-07-08",
)
ENTRY_OUTSIDE = declare(
    "PA-125",
    "巡查日期不在允许的范围",
    Severity.ERROR,
    f"{{household}} 的巡查日期 {{day}} {{why}}，{_REFUSED}",
    "核对巡查日期的年份和月份；确实无误的，用 --as-of 写明截止日期",
    bad="2020 年 7 月的清单填了 2021-07-08，或 1920-07-08",
    good="巡查日期不晚于录入那一天",
)
ENTRY_EMPTY = declare(
    "PA-126",
    "巡查只有日期",
    Severity.WARNING,
    f"{{household}} 只填了巡查日期，没有填见到没见到等情况，{_REFUSED}",
    "补填后重新录入",
    bad="巡查日期填了，其余空着",
    good="“是否见到”填“否”，居住情况填“未见到人”",
)
ENTRY_TWICE = declare(
    "PA-127",
    "清单里同一户同一天有两行同类巡查",
    Severity.ERROR,
    f"{{household}} 在 {{day}} 的{{kind}}，{{first}} 已有一行，内容不同，{_REFUSED}",
    "两行说的是同一次的，删去一行；确实去了两次的，用 zhubao patrol record --again 登记",
    bad="同一户写了两行，巡查日期相同，一行见到、一行没见到",
    good="每户每天每类一行",
)
ENTRY_NUMBERED_ANEW = declare(
    "PA-128",
    "台账里已有这次巡查，编号不同",
    Severity.ERROR,
    f"{{household}} 在 {{day}} 的{{kind}}，台账里已有（{{place}}），编号不是 {{visit}}，{_REFUSED}",
    "同一次的，删去清单里的编号再录入；确实另有一次的，用 zhubao patrol record --again 登记",
    bad="清单写 X-5，台账里同一户同一天同类的是 XC000012",
    good="清单不写巡查编号，或与台账一致",
)
ENTRY_CAMPAIGN_UNKNOWN = declare(
    "PA-129",
    "清单里的整治编号不存在",
    Severity.ERROR,
    f"{{household}} 的整治编号 {{campaign}} 在专项整治表里没有，{_REFUSED}",
    "核对编号；新的整治先在专项整治表登记",
    bad="整治编号写 ZZ099，专项整治表里没有",
    good="整治编号与专项整治表一致，或空着",
)
ENTRY_UNIT_UNKNOWN = declare(
    "PA-130",
    "清单里的房源编号不存在",
    Severity.ERROR,
    f"{{household}} 的房源编号 {{unit}} 在房源表里没有，{_REFUSED}",
    "核对房源编号；空着的，录入时按租赁合同填",
    bad="房源编号写 99-01，房源表里没有",
    good="房源编号与房源表一致，或空着",
)
ENTRY_WITHOUT_LEASE = declare(
    "PA-131",
    "巡查当天这户没有在租合同",
    Severity.WARNING,
    "{household} 在 {day} 没有在租合同，照样录入，房源编号空着",
    "核对家庭编号和日期；确实还住着的，核对合同的起租、退租日期",
    bad="退租日期 2020-02-01，巡查日期 2020-05-10",
    good="巡查日期在起租和退租之间",
)
ENTRY_CONTRADICTS = declare(
    "PA-132",
    "清单里见到没见到与居住情况不符",
    Severity.ERROR,
    f"{{household}} 在 {{day}}：是否见到写“{{met}}”，居住情况写“{{occupancy}}”，{_REFUSED}",
    "改正其中一项后重新录入",
    bad="是否见到“是”，居住情况“未见到人”",
    good="是否见到“是”，居住情况“本人居住”",
)
ENTRY_CELL_BAD = declare(
    "PA-133",
    "清单的这一行有读不懂的内容",
    Severity.ERROR,
    f"{{household}}：{{fault}}，{_REFUSED}",
    "{how}；改正后重新录入",
    bad="居住情况填“住着”",
    good="居住情况填“本人居住”",
)
