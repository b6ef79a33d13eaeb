"""Full-text indexes: beginnings of words, owners, order, stretches; on both databases alike."""

from string import ascii_lowercase

import pytest
from sqlalchemy import text

from portal.consignments.fulltext import INDEX
from portal.core import prepared, search
from portal.core.db import db, transaction
from portal.core.fulltext import FEW

pytestmark = pytest.mark.both_databases
OWN, OTHER = 7, 8
WORDS = ("shanghai", "shanghai shangqiu", "shang", "wuhan shanxi", "münchen", "2026 20267")


@pytest.fixture
def on(app):
    """Return a connection to an index of a few rows: 1, 2, 3 …; the last is another owner's."""
    with transaction():
        on = db.session.connection()
        rows = [(i, OWN, search.document(words)) for i, words in enumerate(WORDS, 1)]
        INDEX.add([*rows, (99, OTHER, "shanghai")], on=on)
    return db.session.connection()


def found(on, asked, owner=OWN, **changed):
    query = INDEX.matching(asked, owner=owner, on=on)
    return None if query is None else list(on.scalars(query.params(**changed)))


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("shang", [3, 2, 1]),
        ("shangh", [2, 1]),
        ("Shanghai", [2, 1]),
        ("sha", [4, 3, 2, 1]),
        ("shang sh", [3, 2, 1]),
        ("shanxi wu", [4]),
        ("mün", [5]),
        ("München", [5]),
        ("2026", [6]),
        ("20", [6]),
        ("shanghaix", []),
        ("shang nothing", []),
        ("上海", []),
        ("!", None),
    ],
)
def test_a_word_is_found_by_its_beginning(on, asked, ids):
    assert found(on, asked) == ids


def test_only_the_centre_finds_what_others_own(on):
    assert found(on, "shanghai") == [2, 1]
    assert found(on, "shanghai", OTHER) == [99]
    assert found(on, "shanghai", None) == [99, 2, 1]


def test_hits_come_in_stretches_behind_an_id(on):
    assert found(on, "sha", hits=2) == [4, 3]
    assert found(on, "sha", before=3, hits=2) == [2, 1]


def test_a_beginning_of_few_words_is_looked_up_as_these(on):
    expression = INDEX.expression("shangh", owner=OWN, on=on)
    if on.dialect.name == "sqlite":
        assert expression == '"owner7" AND ("shangh" OR "shanghai")'
        shang = '("shang" OR "shanghai" OR "shangqiu")'
        assert INDEX.expression("shang wuhan", owner=None, on=on) == f'{shang} AND "wuhan"'
        assert INDEX.expression("sha mün 20", owner=None, on=on) == '"sha"* AND "mün"* AND "20"*'
    else:
        assert expression == "'owner7' & 'shangh':*"


def test_a_beginning_of_many_words_takes_no_more_looks(on):
    with transaction():
        many = " ".join("zz" + letter for letter in ascii_lowercase)
        INDEX.add([(100, OWN, many)], on=db.session.connection())
    looks = []
    prepared.heard.append(lambda _on, statement, _values: looks.append(statement))
    try:
        assert found(db.session.connection(), "zz") == [100]
    finally:
        prepared.heard.pop()
    assert len(looks) <= FEW


def test_a_word_that_nobody_has_any_more_finds_nothing(on):
    with transaction():
        INDEX.change(5, OWN, "elsewhere", on=db.session.connection())
    on = db.session.connection()
    assert found(on, "München") == []
    assert found(on, "else") == [5]


def test_tidying_brings_segments_together_and_loses_nothing(on):
    for i in range(200, 212):
        with transaction():
            INDEX.add([(i, OWN, f"tidy{i} all")], on=db.session.connection())
    with transaction():
        INDEX.tidy(db.session.connection())
    on = db.session.connection()
    assert found(on, "all") == list(range(211, 199, -1))
    if on.dialect.name == "sqlite":
        segments = text("SELECT count(DISTINCT segid) FROM consignment_words_idx")
        assert on.scalar(segments) == 1
