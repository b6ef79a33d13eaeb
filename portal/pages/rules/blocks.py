"""What a page can be made of: one row a type of block, with its fields and what they take.

A new type is a row here and a template ``templates/pages/blocks/_<type>.html``. Fields hold plain
values; HTML is made by templates and by ``core.markdown`` alone, so no block can break a page.
"""

from typing import Any, NamedTuple

from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

LINE, LONG = 200, 20_000  # characters


class Field(NamedTuple):
    """One thing to enter: ``kind`` is line, text, markdown, picture, choice, path or figures."""

    name: str
    label: Any
    kind: str = "line"
    required: bool = False
    hint: Any = None
    choices: tuple[tuple[str, Any], ...] = ()

    @property
    def longest(self) -> int:
        """How many characters it takes."""
        return LINE if self.kind in ("line", "path", "choice") else LONG


class Part(NamedTuple):
    """Several of one thing in a block: fields for all languages, and in each language."""

    name: Any
    shared: tuple[Field, ...] = ()
    texts: tuple[Field, ...] = ()


class Type(NamedTuple):
    """A type of block: its name, what it is for, and its fields."""

    name: Any
    says: Any
    shared: tuple[Field, ...] = ()
    texts: tuple[Field, ...] = ()
    items: Part | None = None


#: Keys under which ``queries.figures`` gives measured figures.
FIGURES = {
    "on_time": _l("Delivered on time"),
    "accuracy": _l("Came within the range we had estimated"),
    "damage": _l("Damaged, of a thousand"),
    "first_scan": _l("From order to first scan"),
    "answer_time": _l("Time to the first answer"),
    "volume": _l("Consignments delivered"),
    "countries": _l("Countries and regions reached"),
}
_TITLE = Field("title", _l("Heading above"))
_ALT = Field("alt", _l("What the picture shows"), hint=_l("Read to those who do not see it."))
_PICTURE = Field("picture", _l("Picture"), "picture")
_FIGURES = tuple(FIGURES.items())

TYPES: dict[str, Type] = {
    "text": Type(
        _l("Text"),
        _l("Paragraphs, lists and links in Markdown."),
        texts=(Field("body", _l("Text"), "markdown", required=True),),
    ),
    "heading": Type(
        _l("Heading"),
        _l("Begins a new part of the page."),
        texts=(Field("title", _l("Heading"), required=True),),
    ),
    "picture": Type(
        _l("Picture"),
        _l("A picture with a line below."),
        shared=(
            _PICTURE._replace(required=True),
            Field(
                "width",
                _l("Width"),
                "choice",
                choices=(("text", _l("As wide as the text")), ("page", _l("As wide as the page"))),
            ),
        ),
        texts=(_ALT, Field("caption", _l("Line below the picture"))),
    ),
    "people": Type(
        _l("People"),
        _l("Who does the work: name, role, a few sentences."),
        texts=(_TITLE,),
        items=Part(
            _l("Person"),
            (_PICTURE,),
            (
                Field("name", lazy_pgettext("person", "Name"), required=True),
                Field("role", _l("Role"), required=True),
                Field("text", _l("In a few sentences"), "text"),
                _ALT,
            ),
        ),
    ),
    "departments": Type(
        _l("Departments"),
        _l("What each department answers for, and how to reach it."),
        texts=(_TITLE,),
        items=Part(
            _l("Department"),
            (Field("contact", _l("Telephone or e-mail")),),
            (
                Field("name", _l("Name"), required=True),
                Field("text", _l("What it answers for"), "text", required=True),
                Field("hours", _l("Hours")),
            ),
        ),
    ),
    "timeline": Type(
        _l("Timeline"),
        _l("Years and what happened in them."),
        texts=(_TITLE,),
        items=Part(
            _l("Year"),
            (Field("year", _l("Year"), required=True),),
            (
                Field("title", _l("What happened"), required=True),
                Field("text", _l("In a few sentences"), "text"),
            ),
        ),
    ),
    "figures": Type(
        _l("Measured figures"),
        _l("Counted from the consignments themselves when the page is read; never typed."),
        shared=(Field("names", _l("Figures"), "figures", required=True, choices=_FIGURES),),
        texts=(_TITLE, Field("text", _l("Text below"), "markdown")),
    ),
    "promise": Type(
        _l("Promise or quotation"),
        _l("One sentence that stands out; a measured figure may stand beside it."),
        shared=(
            Field(
                "figure",
                _l("Figure beside it"),
                "choice",
                choices=(("", _l("None")), *_FIGURES),
            ),
        ),
        texts=(
            Field("text", _l("Sentence"), "text", required=True),
            Field("by", _l("Who says it")),
            Field("more", _l("What follows from it"), "markdown"),
        ),
    ),
    "table": Type(
        _l("Table"),
        _l("One row a line, cells parted by |. The first line is the head."),
        texts=(
            Field("caption", _l("What the table shows"), required=True),
            Field("rows", _l("Rows"), "text", required=True),
        ),
    ),
    "action": Type(
        _l("Next step"),
        _l("A sentence and a button that leads to a page of this portal."),
        shared=(Field("path", _l("Where the button leads"), "path", required=True),),
        texts=(
            Field("text", _l("Sentence")),
            Field("label", _l("Words on the button"), required=True),
        ),
    ),
    "map": Type(
        _l("How to find us"),
        _l("The centre’s address and ways to reach it, with a map."),
        texts=(_TITLE, Field("text", _l("How to get here"), "markdown")),
    ),
    "questions": Type(
        _l("Questions and answers"),
        _l("Each answer opens below its question."),
        texts=(_TITLE,),
        items=Part(
            _l("Question"),
            (),
            (
                Field("question", _l("Question"), required=True),
                Field("answer", lazy_pgettext("question", "Answer"), "markdown", required=True),
            ),
        ),
    ),
}
MOST_BLOCKS, MOST_ITEMS, MOST_CELLS = 60, 40, 12


def parts_of(block: dict[str, Any]) -> list[tuple[Part, dict[str, Any]]]:
    """Return the block and each of its items with the fields they have."""
    type_ = TYPES[block["type"]]
    own = Part(type_.name, type_.shared, type_.texts)
    items = [(type_.items, item) for item in block["items"]] if type_.items else []
    return [(own, block), *items]


def rows_of(text: str) -> list[list[str]]:
    """Return the rows of a table block; short ones are filled up."""
    rows = [_cells(line) for line in text.splitlines() if line.strip()]
    rows = [row for row in rows if not all(set(cell) <= {"-", ":"} for cell in row)]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")][:MOST_CELLS]
