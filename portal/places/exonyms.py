"""Chinese names of places abroad that GeoNames does not have."""

#: (country, name in GeoNames): Chinese names. Of places of that name the largest is meant.
EXONYMS: dict[tuple[str, str], tuple[str, ...]] = {
    ("AE", "Sharjah"): ("沙迦", "沙尔迦"),
    ("BG", "Sofia"): ("索非亚",),
    ("DE", "Bremerhaven"): ("不来梅港", "不莱梅港", "不来梅哈芬"),
    ("DJ", "Djibouti"): ("吉布提市", "吉布提"),
    ("EG", "Alexandria"): ("亚历山大", "亚历山大港"),
    ("EG", "Port Said"): ("塞得港", "赛得港"),
    ("ET", "Addis Ababa"): ("亚的斯亚贝巴",),
    ("KR", "Daegu"): ("大邱",),
    ("KR", "Gwangyang"): ("光阳",),
    ("KR", "Incheon"): ("仁川",),
    ("LK", "Colombo"): ("科伦坡", "可伦坡"),
    ("MA", "Tangier"): ("丹吉尔",),
    ("MY", "George Town"): ("槟城", "乔治市", "槟榔屿", "Penang"),
    ("NG", "Lagos"): ("拉各斯", "拉哥斯"),
    ("NZ", "Auckland"): ("奥克兰",),
    ("PH", "Cebu City"): ("宿务", "宿雾"),
    ("PT", "Porto"): ("波尔图", "波多"),
    ("RW", "Kigali"): ("基加利",),
    ("US", "Louisville"): ("路易斯维尔", "路易维尔"),
    ("US", "San Diego"): ("圣迭戈", "圣地亚哥"),
    ("US", "Washington"): ("华盛顿", "华盛顿特区", "Washington DC", "Washington D.C."),
    ("VE", "Caracas"): ("加拉加斯",),
}
