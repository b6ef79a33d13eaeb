"""The catalogues of texts: kept complete in every language, by commands that a build can run."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from flask.cli import AppGroup
from opencc import OpenCC

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "portal" / "translations"
LOCALES = ("zh_Hans", "zh_Hant")
KEYWORDS = {
    "_": None,
    "_l": None,
    "_p": ((1, "c"), 2),
    "gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true"}, "**.txt": {"trimmed": "true"}}
HEADER = """# Texts of Quayside; `flask --app wsgi i18n check` says what is missing.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
#: Words of the trade, simplified → traditional, that differ in more than their characters.
TERMS = (
    ("揽收", "收件"),
    ("分拨中心", "转运中心"),
    ("派件", "派送"),
    ("自提", "自取"),
    ("拒签", "拒收"),
    ("丢失", "遗失"),
    ("单证", "单据"),
    ("面单", "标签"),
    ("校验位", "检查码"),
    ("校验", "验证"),
    ("二维码", "QR码"),
    ("查找", "寻找"),
    ("运维", "维运"),
    ("邮编", "邮递区号"),
    ("邮箱", "电子邮件"),
    ("退出登录", "登出"),
    ("粘贴", "贴上"),
    ("摄像头", "相机"),
    ("新建", "新增"),
    ("工作簿", "活页簿"),
    ("单元格", "储存格"),
    ("后台任务", "背景工作"),
    ("任务", "工作"),
    ("币种", "币别"),
    ("咨询", "洽询"),
    ("合同", "合约"),
    ("示例", "范例"),
    ("演示", "示范"),
    ("托盘", "栈板"),
    ("质量", "品质"),
    ("当前", "目前"),
    ("发送", "传送"),
    ("关键词", "关键字"),
    ("快捷键", "快速键"),
    ("集装箱", "货柜"),
    ("英尺柜", "呎柜"),
    ("英尺高柜", "呎高柜"),
    ("内容块", "内容区块"),
    ("核验", "查验"),
    ("工商登记", "公司登记"),
    ("营业执照", "营业登记文件"),
    ("调休上班", "补班"),
    ("节假日", "假日"),
    ("垃圾信息", "垃圾讯息"),
    ("访问", "连线"),
)
#: What the converter takes for something else, traditional → traditional.
CORRECTIONS = (
    ("許可權", "權限"),
    ("程式碼", "代碼"),
    ("排程", "調度"),
    ("賬", "帳"),
    ("臺", "台"),
    ("稽核", "審核"),
    ("服務專案", "服務項目"),
    ("檢視", "查看"),
    ("視窗", "窗口"),
    ("聲明瞭", "聲明了"),
    ("此係統", "此系統"),
    ("單據據", "單證據"),
    ("天后", "天後"),
    ("畫素", "像素"),
    ("型別", "類型"),
    ("公佈", "公布"),
    ("文本", "文字"),
    ("生成", "產生"),
    ("令牌", "權杖"),
    ("程式設計介面", "程式介面"),
    ("分割槽", "分區"),
    ("釋出", "發布"),
    ("點選", "點擊"),
    ("專案", "項目"),
    ("隻有", "只有"),
    ("人制作", "人製作"),
    ("伙伴", "夥伴"),
    ("演算法", "算法"),
    ("登記檔案", "登記文件"),
    ("正常執行", "正常運作"),
    ("電物件", "電對象"),
    ("獲批", "核准"),
)
_PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")

i18n = AppGroup("i18n", help="Texts in every language.")


def extracted() -> Catalog:
    """Return the catalogue of every text that code and templates say."""
    catalogue = Catalog(project="Quayside", charset="utf-8")
    for folder in ("portal", "templates"):
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS, ("Translators:",))
        for name, _line, message, comments, context in found:
            place = [(f"{folder}/{name}", 0)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def read(locale: str) -> Catalog:
    """Return the kept catalogue of a locale, empty where there is none yet."""
    path = _path(locale)
    if not path.exists():
        return Catalog(locale=locale, project="Quayside", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(locale: str, catalogue: Catalog) -> None:
    """Keep a catalogue, sorted so that two people's work merges."""
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(locale=locale).encode())
        write_po(
            file,
            catalogue,
            width=100,
            no_location=True,
            omit_header=True,
            sort_output=True,
            ignore_obsolete=True,
        )


def _path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def findings(locale: str, wanted: Catalog) -> Iterator[str]:
    """Say what is wrong with the texts of a locale: missing, unsure, other places for values."""
    kept = read(locale)
    for message in wanted:
        if not message.id:
            continue
        own = kept.get(message.id, message.context)
        text = own.string if own else ""
        if not _is_said(text):
            yield f"{locale}: not translated: {message.id!r}"
        elif own is not None and own.fuzzy:
            yield f"{locale}: unsure: {message.id!r}"
        elif _places(message.id) != _places(text):
            yield f"{locale}: other places for values: {message.id!r}"


def _places(text: object) -> set[str]:
    parts = text if isinstance(text, list | tuple) else [text]
    return {name for part in parts for pair in _PLACE.findall(str(part)) for name in pair if name}


@i18n.command("update")
def update() -> None:
    """Bring the catalogues up to what code and templates say; new texts wait for a translator."""
    wanted = extracted()
    for locale in LOCALES:
        kept = read(locale)
        kept.update(wanted, no_fuzzy_matching=True)
        write(locale, kept)
    click.echo(f"{len(wanted)} texts")


@i18n.command("traditional")
def fill_traditional() -> None:
    """Fill what zh_Hant lacks from zh_Hans, in Taiwan's characters and the words of the trade."""
    convert = OpenCC("s2twp").convert
    hans, hant = read("zh_Hans"), read("zh_Hant")
    for message in hant:
        source = hans.get(message.id, message.context) if message.id else None
        if source is not None and _is_said(source.string) and not _is_said(message.string):
            message.string = _converted(source.string, convert)
    write("zh_Hant", hant)


def _is_said(text: object) -> bool:
    """Whether there is a text; where figures change it, one for each number."""
    return all(text) if isinstance(text, tuple) else bool(text)


def _converted(text, convert):  # type: ignore[no-untyped-def]
    if isinstance(text, tuple):
        return tuple(_converted(part, convert) for part in text)
    for written, meant in TERMS:
        text = text.replace(written, meant)
    text = convert(text).replace("\u201c", "\u300c").replace("\u201d", "\u300d")
    for written, meant in CORRECTIONS:
        text = text.replace(written, meant)
    return text


@i18n.command("check")
def check() -> None:
    """Fail where a text is missing, unsure, or has other places for values."""
    wanted = extracted()
    found = [finding for locale in LOCALES for finding in findings(locale, wanted)]
    for finding in found:
        click.echo(finding)
    if found:
        raise click.ClickException(f"{len(found)} texts need a translator.")
    click.echo(f"{len(wanted)} texts, complete in {', '.join(LOCALES)} and en")
