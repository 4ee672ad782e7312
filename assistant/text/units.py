"""What Chinese forms count in, and what a price is per."""

from __future__ import annotations

import re

_UNIT_WORDS = """
人次 人·次 人日 人天 人/次 人月 人年 人份 台(套) 台/套 台套 件(次) 件次 场次 场(次) 期次 班次 样次 批次 台次 车次 户次 家次 例次 项次 点次
份次 套次 本(册) 册(本) 村(社区) 床位 床日 机位 座位 座次 车位 泊位 工位 网格 单元 标段 律师事务所
千瓦时 千瓦 兆瓦 平方公里 平方千米 平方米 立方米 平米 公里 千米 米 公顷 亩次 万亩 亩 吨公里 公斤 千克 吨 升 度
个工作日 工作日 个自然日 自然日 个月 小时 分钟 课时 学时 学分 学年 学期 天 周 个百分点 百分点
名 人 位 户 家 个 件 条 起 宗 案 例 项 篇 期 场 次 届 回 批 轮 遍 份 本 册 张 幅 块 面 版 套 台 部 辆 艘 架 间 所 处 座 栋 幢 站 点 口 眼
根 棵 株 枝 丛 头 只 羽 尾 匹 类 种 门 堂 节 班 队 组 支 片 段 道 盏 扇 樘 具 副 双 床 顶 帧 把 瓶 盒 箱 袋 包 桶 罐 盆 枚 粒 卷 集 档 字 页 孔
人口 农村人口 城镇人口 贫困人口 脱贫人口 受益人口 元
"""
_COUNTED = _UNIT_WORDS.split()
# Longer ones first, so that 人次 is not read as 人.
# Behind a number these are units only where no such word begins: 100名双语教师, 12具备条件, 3副局长.
_NOT_BEFORE = {"双": "语创向随减拥", "具": "备有体", "副": "局主所校处科厅院部市县区镇乡书教高省"}
UNIT = "|".join(
    re.escape(unit) + (f"(?![{_NOT_BEFORE[unit]}])" if unit in _NOT_BEFORE else "")
    for unit in sorted(_COUNTED, key=len, reverse=True)
)
# A full stop is a slip for the stroke (元/人。天) only where the unit behind it ends the words: 3000册。场地… is two sentences.
PER = (
    rf"(?:\s*[/·每]\s*(?:(?:{UNIT})次?|年|月|日|季度?|半天|\(?[\u4e00-\u9fff]{{1,5}}\)?)"
    rf"|\s*[。.]\s*(?:(?:{UNIT})次?|年|月|日|季度?|半天)(?![\u4e00-\u9fff]))"
)
PERS = re.compile(rf"{PER}+")
PER_MARK = re.compile(r"\s*[/·每。.]\s*")
UNITS = frozenset(_COUNTED)
_UNIT = re.compile(UNIT)
_AFTER_UNIT = re.compile(rf"(?:\([\u4e00-\u9fff]{{1,2}}\))?{PER}*")
_GOES_ON = frozenset("(/·每。. \t\n")
"""What a bracket or a per begins with: behind most units neither stands."""


def unit_at(text: str, at: int) -> str:
    """The longest known unit that stands at a place, with what it is per (3人/天); "" where none does."""
    unit = _UNIT.match(text, at)
    if unit is None:
        return ""
    end = unit.end()
    if text[end : end + 1] in _GOES_ON and (after := _AFTER_UNIT.match(text, end)):
        end = after.end()
    return text[at:end]
