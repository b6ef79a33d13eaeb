"""Traditional Chinese from simplified: Taiwan's characters, and the words of the trade.

The characters are converted, not the words: the converter's own list of words is one of
computing, in which equipment is a device and a measure is an algorithm.
"""

from functools import lru_cache

from opencc import OpenCC

from portal.core.catalogues import CORRECTIONS, TERMS

#: Words as the characters alone would have them, and as readers of them say.
OWN = (
    ("信息", "資訊"),
    ("導出", "匯出"),
    ("批量導入", "批次匯入"),
    ("導入", "匯入"),
    ("實時", "即時"),
    ("散列", "雜湊"),
    ("網絡", "網路"),
    ("字符", "字元"),
    ("一個文件", "一個檔案"),
    ("程序", "程式"),
    ("聯繫", "聯絡"),
    ("在線", "線上"),
    ("鏈接", "連結"),
    ("登錄", "登入"),
    ("打印", "列印"),
    ("接口", "介面"),
    ("密鑰", "金鑰"),
    ("設置", "設定"),
    ("數據", "資料"),
    ("縮進", "內縮"),
    ("釐米", "公分"),
    ("厘米", "公分"),
    ("毫米", "公釐"),
    ("千克", "公斤"),
    ("立方米", "立方公尺"),
    ("1.8 米", "1.8 公尺"),
    ("安保", "保全"),
    ("保安處", "警衛室"),
    ("保安", "保全"),
    ("保潔", "清潔"),
    ("計劃", "計畫"),
    ("質保", "保固"),
    ("煙花", "煙火"),
    ("鼓包", "膨脹"),
    ("打分", "評分"),
    ("主管部門", "主管機關"),
    ("整托", "整板"),
    ("一托貨", "一板貨"),
    ("倒托", "倒板"),
    ("兩層托", "兩層板"),
    ("託盤", "棧板"),
    ("托盤", "棧板"),
    ("掃碼", "掃描"),
    ("對公轉賬", "公司轉帳"),
    ("對公轉帳", "公司轉帳"),
    ("自動匹配", "自動比對"),
    ("開票", "開立發票"),
    ("叉車", "堆高機"),
    ("光伏", "太陽能"),
    ("充電寶", "行動電源"),
    ("小區", "社區"),
    ("手持終端", "手持終端機"),
    ("手機號後四位", "手機號碼末四碼"),
    ("封控期間", "防疫管制期間"),
    ("質檢", "品檢"),
    ("一件代發", "單件代發"),
    ("營業執照", "營業登記文件"),
    ("纏繞膜", "棧板膜"),
    ("大屏", "大螢幕"),
    ("冰排", "保冷劑"),
    ("攬到", "收到"),
    ("批量大", "數量大"),
    ("只讀", "唯讀"),
    ("增值", "加值"),
    ("復磅", "複磅"),
    ("復量", "複量"),
    ("復盤", "複盤"),
    ("序列號", "序號"),
    ("聯網", "連網"),
    ("資質", "資格"),
    ("監管部門", "主管機關"),
    ("錄入", "登錄"),
    ("培訓", "訓練"),
    ("怎麼碼", "怎麼疊"),
    ("碼法", "疊法"),
    ("式碼承重", "式疊承重"),
    ("交錯碼最", "交錯疊最"),
    ("碼放", "堆放"),
    ("通過介面", "透過介面"),
    ("第二托", "第二板"),
    ("一個托能", "一板能"),
    ("安全技術說明書", "安全資料表"),
    ("報警", "警報"),
    ("隻影響", "只影響"),
    ("性價比最高", "最划算"),
    ("零擔", "併車"),
    ("記錄儀", "記錄器"),
    ("剎車", "煞車"),
    ("賬", "帳"),
)
QUOTES = str.maketrans({"“": "「", "”": "」", "‘": "『", "’": "』"})


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("s2tw")


def traditional(text: str) -> str:
    """Return simplified Chinese as readers of traditional characters write it."""
    for written, meant in TERMS:
        text = text.replace(written, meant)
    text = str(_converter().convert(text)).translate(QUOTES)
    for written, meant in (*CORRECTIONS, *OWN):
        text = text.replace(written, meant)
    return text
