"""Invented names: people, streets, estates, firms. None is meant to point at anybody real."""

from __future__ import annotations

import random

SURNAMES = tuple(
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
_FIRST = tuple("建国志文明永春秋玉桂兰凤金美丽淑秀海云天思雨子佳欣俊伟晓立德光荣世家庆长福正")
_SECOND = tuple(
    "华平军强芳英珍香莲红霞梅辉斌涛勇杰敏静娟琴艳林生义良安宁成祥贵和清松柏洋宇轩涵怡琪"
)
_ALL_GIVEN = _FIRST + _SECOND

DISTRICT = "星河区"
BUREAU = "星河区住房保障局"
NEIGHBOUR = "银湖区"  # an invented neighbour, for units that lie outside the managing district
STREETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("星河街道", ("星河一社区", "星河二社区", "望星社区")),
    ("湖东街道", ("湖东社区", "柳堤社区", "荷塘社区")),
    ("北桥街道", ("北桥社区", "渡口社区", "石桥社区")),
    ("南坪街道", ("南坪社区", "茶亭社区", "梅岭社区")),
    ("云岭街道", ("云岭社区", "竹园社区", "枫林社区")),
    ("金穗街道", ("金穗社区", "粟塘社区", "麦浪社区")),
)
ESTATES = (
    "粟塘小区",
    "鄱阳小区",
    "凤凰佳园",
    "凤凰苑",
    "北辰中央公园",
    "天凯南苑",
    "天悦鑫苑",
    "星河新苑",
)
DEVELOPERS = ("星河湾置业", "云岭地产", "金穗置业", "银湖城建开发", "枫林房产", "柳堤置业")
EMPLOYERS = (
    "区第一小学",
    "区第二小学",
    "区实验中学",
    "区第四中学",
    "区幼儿园",
    "区人民医院",
    "区中医院",
    "区妇幼保健站",
    "区图书馆",
    "区文化馆",
    "区档案馆",
    "区市政工程所",
    "区园林所",
    "区环卫所",
    "区水务站",
    "区质检所",
    "区农技站",
    "星河粮油公司",
    "星河印刷厂",
    "星河机械厂",
    "云岭纺织厂",
    "金穗食品厂",
)
PROJECTS = ("外滩棚改项目", "星河老街棚改项目", "北桥棚改项目", "云岭棚改项目")
HEADQUARTERS = {"外滩棚改项目": "外滩指挥部"}
CLERKS = ("甲组", "乙组", "丙组", "丁组")  # teams, not persons

_ESTATE_HEADS = "云松桂梅兰竹荷柳枫星月晨霞溪湖林"
_ESTATE_MIDDLES = "汀岭湾屿畔坡渡庭"
_ESTATE_TAILS = ("家园", "雅苑", "新村", "佳园", "小区", "花苑")


def estate_names(count: int) -> tuple[str, ...]:
    """The first `count` estates: the eight known ones, then invented ones, all different."""
    names = list(ESTATES[:count])
    index = 0
    while len(names) < count:
        head = _ESTATE_HEADS[index % len(_ESTATE_HEADS)]
        middle = _ESTATE_MIDDLES[index // len(_ESTATE_HEADS) % len(_ESTATE_MIDDLES)]
        names.append(head + middle + _ESTATE_TAILS[index % len(_ESTATE_TAILS)])
        index += 1
    return tuple(names)


def given_name(rng: random.Random) -> str:
    """One or two common characters."""
    if rng.random() < 0.22:
        return rng.choice(_ALL_GIVEN)
    return rng.choice(_FIRST) + rng.choice(_SECOND)


def full_name(rng: random.Random, surname: str | None = None) -> str:
    """A surname (given or drawn) and a given name."""
    return (surname or rng.choice(SURNAMES)) + given_name(rng)


def home_area(rng: random.Random) -> tuple[str, str]:
    """A street and one of its communities."""
    street, communities = rng.choice(STREETS)
    return street, rng.choice(communities)
