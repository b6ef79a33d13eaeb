"""What is weighed as unwanted, as a table."""

from datetime import timedelta

import pytest

from portal.core import spam

CALM = timedelta(seconds=90)
ASKED = "您好，我们每月有约 40 托盘家具从杭州发往成都，想了解整车运输的报价和时效，谢谢。"
ENGLISH = "Hello, we ship some 40 pallets of furniture a month. See www.our-firm.example for what we make."


@pytest.mark.parametrize(
    ("text", "more", "reasons", "is_spam"),
    [
        (ASKED, {}, (), False),
        (ENGLISH, {}, (), False),
        (ASKED, {"trapped": True}, ("trap",), True),
        (ASKED, {"took": timedelta(seconds=1)}, ("fast",), True),
        (ASKED, {"took": timedelta(seconds=5)}, ("hasty",), False),
        (ASKED, {"took": None}, ("no_form",), False),
        (ASKED, {"from_here": 2}, (), False),
        (ASKED, {"from_here": 5}, ("many",), True),
        (ASKED, {"heads": ["http://x.example"]}, ("link_in_name",), False),
        (ASKED + " http://a.example http://b.example", {}, ("links",), False),
        (ASKED + " http://a.example" * 4, {}, ("links", "mostly_links"), True),
        ("[url=http://a.example]x[/url]", {}, ("markup", "mostly_links"), True),
        ("长期代开发票，博彩网站，加微信领红包", {}, ("offers",), True),
        ("Best SEO services, rank on Google", {}, ("offers",), True),
        ("Seoul to Ningbo, please quote for a 40 ft container", {}, (), False),
        (ASKED, {"known": [(spam.fingerprint(ASKED + " !"), [])]}, ("repeated",), False),
        (ASKED, {"known": [("other", spam.sketch("A" + ASKED + "B"))]}, ("similar",), False),
        (
            ASKED,
            {"took": None, "known": [(spam.fingerprint(ASKED), [])]},
            ("repeated", "no_form"),
            True,
        ),
    ],
)
def test_points_and_reasons(text, more, reasons, is_spam):
    verdict = spam.weigh(text, **{"took": CALM, **more})
    assert (verdict.reasons, verdict.is_spam) == (reasons, is_spam)


def test_every_reason_has_words():
    verdict = spam.weigh(
        "http://x.ru [url=x] casino", heads=["http://x"], took=None, trapped=True, from_here=9
    )
    assert set(verdict.reasons) <= set(spam.REASONS)
    assert len(spam.in_words(verdict.reasons)) == len(verdict.reasons)


def test_case_width_and_script_do_not_make_another_text():
    assert spam.fingerprint("運費 ＡＢＣ！") == spam.fingerprint("运费abc")  # noqa: RUF001


def test_texts_about_other_things_are_not_alike():
    assert spam.alike(spam.sketch(ASKED), spam.sketch(ENGLISH * 2)) < 0.1
