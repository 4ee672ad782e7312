"""Provinces and how documents name the place they are of. A region is `national`, or a place with its province first."""

from __future__ import annotations

import re

PROVINCES = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南",
    "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆",
    "香港", "澳门",
)  # fmt: skip

_PROVINCE = re.compile(rf"({'|'.join(PROVINCES)})(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)?")
_KINDS = "市|自治州|州|盟|地区|自治县|县|区|自治旗|旗"
_CITY = re.compile(rf"([一-鿿]{{2,6}}?)(?:{_KINDS})(?=.)")
_CENTRAL = re.compile(
    r"中共中央|中央|国务院|全国人|中华人民共和国|最高人民|国家|财政部|司法部|审计署|[一-鿿]{2,8}部(?:$|[、 ]|关于|办公厅|印发)"
)


def plain(place: str) -> str:
    """A place as regions are written: 山西省阳泉市 -> 山西阳泉."""
    province = _PROVINCE.match(place)
    rest = place[province.end() :] if province else place
    return (province[1] if province else "") + (re.sub(rf"(?<=..)(?:{_KINDS})$", "", rest))


def region_of(*names: str, known: tuple[str, ...] = ()) -> str | None:
    """Where an issuer or title says a document holds; None where neither says.

    A city without its province gets it from `known` regions (山西阳泉), else stays alone.
    """
    for name in filter(None, names):
        name = name if _CENTRAL.match(name) else name.removeprefix("中共")
        if _CENTRAL.match(name):
            return "national"
        province = _PROVINCE.match(name)
        rest = name[province.end() :] if province else name
        city = _CITY.match(rest)
        if province:
            return province[1] + (city[1] if city else "")
        if city:
            with_province = [region for region in known if region.endswith(city[1]) and region.startswith(PROVINCES)]
            return with_province[0] if with_province else city[1]
    return None
