"""Real cities with plausible streets: where the demo's goods come from and go to."""

from typing import NamedTuple


class Place(NamedTuple):
    """A city: division code, start of its postcodes, WGS 84 position, streets by district."""

    city: str
    country: str
    division: str | None
    postcode: str
    lat: float
    lon: float
    streets: tuple[str, ...]

    @property
    def hub(self) -> str:
        """Return the name of the hub that serves the city."""
        return f"{self.city}分拨中心" if self.country == "CN" else f"{self.city} hub"


def _places(country: str, table: str) -> tuple[Place, ...]:
    return tuple(_place(country, line) for line in table.strip().splitlines())


def _place(country: str, line: str) -> Place:
    city, division, postcode, lat, lon, streets = (part.strip() for part in line.split("|"))
    return Place(
        city, country, division or None, postcode, float(lat), float(lon), tuple(streets.split(";"))
    )


CITIES = _places(
    "CN",
    """
杭州|330100|3111|30.274|120.155|余杭区文一西路;西湖区文三路;滨江区江南大道;拱墅区莫干山路;萧山区市心中路
上海|310100|2001|31.230|121.474|浦东新区张杨路;徐汇区漕溪北路;闵行区沪闵路;静安区南京西路;杨浦区四平路
苏州|320500|2150|31.299|120.585|姑苏区人民路;工业园区星湖街;吴中区宝带西路;虎丘区狮山路
南京|320100|2100|32.060|118.797|鼓楼区中山北路;江宁区双龙大道;建邺区江东中路;玄武区珠江路
宁波|330200|3150|29.874|121.551|鄞州区天童南路;海曙区中山西路;江北区人民路;北仑区新大路
合肥|340100|2300|31.821|117.227|蜀山区长江西路;包河区徽州大道;庐阳区阜阳路
温州|330300|3250|27.994|120.699|鹿城区人民中路;瓯海区瓯海大道;龙湾区永中西路
广州|440100|5106|23.129|113.264|天河区体育东路;越秀区中山五路;番禺区市桥大北路;白云区机场路;黄埔区科学大道
深圳|440300|5180|22.543|114.058|南山区科技园路;福田区深南大道;宝安区前进一路;龙岗区龙翔大道
东莞|441900|5230|23.021|113.752|南城街道鸿福路;长安镇长青路;虎门镇太沙路
厦门|350200|3610|24.480|118.089|思明区湖滨南路;湖里区枋湖东路;集美区杏林湾路
福州|350100|3500|26.075|119.297|鼓楼区五四路;仓山区上三路;台江区工业路
北京|110100|1000|39.904|116.407|朝阳区建国路;海淀区中关村大街;丰台区南四环西路;通州区新华大街
天津|120100|3000|39.085|117.201|和平区南京路;滨海新区黄海路;河西区友谊路
青岛|370200|2660|36.067|120.383|市南区香港中路;崂山区海尔路;黄岛区长江中路
济南|370100|2500|36.651|117.120|历下区泉城路;市中区英雄山路;历城区工业北路
郑州|410100|4500|34.747|113.625|金水区花园路;二七区大学路;中原区建设西路
武汉|420100|4300|30.593|114.305|武昌区中南路;江汉区解放大道;洪山区珞喻路;汉阳区鹦鹉大道
长沙|430100|4100|28.228|112.939|岳麓区麓山南路;雨花区韶山中路;天心区芙蓉南路
成都|510100|6100|30.573|104.066|锦江区红星路;武侯区科华北路;青羊区光华大道;高新区天府大道
重庆|500100|4000|29.563|106.551|渝中区解放碑步行街;江北区建新北路;九龙坡区科园一路
西安|610100|7100|34.341|108.940|雁塔区小寨东路;碑林区南大街;未央区凤城五路
昆明|530100|6500|25.039|102.718|五华区人民中路;官渡区关上中路;盘龙区北京路
沈阳|210100|1100|41.805|123.431|和平区南京北街;铁西区建设中路;皇姑区黄河南大街
哈尔滨|230100|1500|45.803|126.535|南岗区西大直街;道里区中央大街;香坊区中山路
乌鲁木齐|650100|8300|43.825|87.617|天山区解放北路;水磨沟区南湖北路
""",
)
ABROAD = tuple(
    place
    for country, table in (
        ("DE", "Hamburg||20|53.551|9.994|Spaldingstraße;Am Sandtorkai;Große Elbstraße"),
        ("DE", "Berlin||10|52.520|13.405|Torstraße;Karl-Marx-Allee"),
        ("NL", "Rotterdam||30|51.924|4.478|Coolsingel;Waalhaven Zuidzijde"),
        ("SG", "Singapore||048|1.352|103.820|Robinson Road;Jurong Port Road"),
        ("JP", "Osaka||530|34.694|135.502|Umeda Kita-ku;Nanko-kita Suminoe-ku"),
        ("US", "Los Angeles||900|34.052|-118.244|South Alameda Street;East Olympic Boulevard"),
        ("US", "Chicago||606|41.878|-87.630|West Cermak Road"),
        ("GB", "Manchester||M1|53.481|-2.242|Deansgate;Trafford Park Road"),
        ("FR", "Lyon||690|45.764|4.836|Rue de Gerland;Cours Lafayette"),
        ("AE", "Dubai||000|25.205|55.271|Al Quds Street;Jebel Ali Road"),
    )
    for place in _places(country, table)
)
BY_CITY = {place.city: place for place in (*CITIES, *ABROAD)}
GATEWAYS = ("上海浦东国际机场口岸", "宁波舟山港口岸", "深圳盐田港口岸", "上海洋山港口岸")
