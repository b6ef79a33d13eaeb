"""The macros write what a browser, a screen reader and the clipboard need."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def env() -> jinja2.Environment:
    """Return an environment with the names that macros may use, and no others."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True
    )
    made.globals.update(
        asset=lambda name: f"/static/{name}",
        csrf_token=lambda: "token",
        status_text=lambda code: {"in_transit": "In transit"}.get(code, code),
    )
    made.filters.update(number=str, clock=lambda at: f"{at:%H:%M}")
    return made


def render(env: jinja2.Environment, file: str, call: str, **values: object) -> str:
    source = f'{{% import "components/{file}.html" as c %}}{{{{ c.{call} }}}}'
    return env.from_string(source).render(**values)


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_a_number_copies_without_spaces_and_boxes_its_check_character(
    env: jinja2.Environment,
) -> None:
    html = render(env, "marks", 'number("QS4F7K2M9T0XB7")')
    assert words(html) == "QS4F7K2M9T0XB7"
    assert re.findall(r"<span>(\w+)</span>", html) == ["QS", "4F7K2M", "9T0XB", "7"]


def test_a_number_of_another_length_is_shown_as_it_is(env: jinja2.Environment) -> None:
    assert words(render(env, "marks", 'number("ASN-93")')) == "ASN-93"


def test_an_sscc_shows_its_application_identifier(env: jinja2.Environment) -> None:
    assert words(render(env, "marks", 'sscc("369012340001188401")')) == "(00)369012340001188401"


def test_a_flag_says_its_status_in_words(env: jinja2.Environment) -> None:
    html = render(env, "marks", 'flag("in_transit")')
    assert 'data-status="in_transit"' in html
    assert words(html) == "In transit"


def test_a_lamp_that_is_out_says_since_when(env: jinja2.Environment) -> None:
    html = render(env, "marks", "live(false, at)", at=datetime(2026, 11, 21, 15, 31, tzinfo=UTC))
    assert words(html) == "Not live since 15:31"
    assert 'data-live="off"' in html


class PieceForm(Form):
    goods = StringField("Goods", [InputRequired("Please name the goods.")])


class OrderForm(Form):
    name = StringField(
        "Name", [InputRequired("Please give a name.")], description="As on the door."
    )
    note = TextAreaField("Note", [Optional()])
    service = SelectField("Service", choices=[SelectChoice("standard", "Standard")])
    payer = RadioField("Payer", choices=[SelectChoice("us", "Us"), SelectChoice("them", "Them")])
    fragile = BooleanField("Fragile", description="Handle with care.")
    pieces = FieldList(FormField(PieceForm), min_entries=1)
    tags = FieldList(StringField("Tag"), "Tags", [InputRequired(LazyString(lambda: "Tag it."))])


@pytest.fixture
def bad_form() -> OrderForm:
    form = OrderForm(MultiDict({"name": "", "service": "standard"}))
    form.validate()
    return form


def test_a_bad_field_is_joined_to_its_hint_and_its_error(
    env: jinja2.Environment, bad_form: OrderForm
) -> None:
    html = render(env, "controls", 'field(f, autocomplete="name")', f=bad_form.name)
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="name-h name-e"' in html
    assert 'id="name-h"' in html
    assert re.search(r'<p class="error" id="name-e">Please give a name.</p>', html)
    assert 'autocomplete="name"' in html


def test_a_good_field_carries_no_error_marks(env: jinja2.Environment) -> None:
    html = render(env, "controls", "field(f)", f=OrderForm().note)
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "optional" in html


@pytest.mark.parametrize("name", ["name", "note", "service", "fragile"])
def test_every_control_has_a_label(env: jinja2.Environment, name: str) -> None:
    html = render(env, "controls", "field(f)", f=OrderForm()[name])
    assert f'for="{name}"' in html or re.search(r"<label[^>]*><input", html)


def test_options_stand_in_a_named_group(env: jinja2.Environment) -> None:
    html = render(env, "controls", "field(f)", f=OrderForm().payer)
    assert re.search(r"<fieldset[^>]*><legend>Payer", html)
    assert html.count('type="radio"') == 2


def test_the_summary_links_to_every_bad_field_also_inside_lists(
    env: jinja2.Environment, bad_form: OrderForm
) -> None:
    html = render(env, "controls", "errors(form)", form=bad_form)
    assert set(re.findall(r'href="#([\w-]+)"', html)) >= {"name", "pieces-0-goods", "tags"}
    assert "Tag it." in html
    assert f"{html.count('<li>')} things to change" in html


def test_a_good_form_has_no_summary(env: jinja2.Environment) -> None:
    assert render(env, "controls", "errors(form)", form=OrderForm()) == ""


def test_markup_in_data_is_shown_not_obeyed(env: jinja2.Environment) -> None:
    item = SimpleNamespace(
        when="actual", title="<b>x</b>", text="<i>", time="1", id=None, difference=None, under=None
    )
    html = render(env, "data", "line([item])", item=item)
    assert "<b>x</b>" not in html.replace("<b>&lt;", "")
    assert "<i>" not in html


def test_a_pager_without_an_end_is_not_a_dead_link(env: jinja2.Environment) -> None:
    html = render(env, "controls", 'pager(none, "/older")')
    assert html.count("<a ") == 1
    assert 'aria-disabled="true"' in html


@pytest.mark.parametrize("heads", [[], ["Share"]])
def test_every_column_of_a_bar_chart_has_a_name(env: jinja2.Environment, heads: list[str]) -> None:
    rows = [{"label": "1", "value": 4, "text": "4", "cells": ["9 %" for _ in heads]}]
    html = render(env, "data", 'bar_chart("By month", rows, heads=heads)', rows=rows, heads=heads)
    names = [re.sub("<[^>]+>", "", each) for each in re.findall(r"<th scope=.col.*?</th>", html)]
    assert len(names) == 2 + len(heads)
    assert all(names)


@pytest.mark.parametrize("chart", ["bar_chart", "column_chart", "line_chart"])
@pytest.mark.parametrize("points", [[], [("1", 0, "0")], [("1", 4, "4"), ("2", 8, "8")]])
def test_a_chart_has_its_figures_as_a_table(
    env: jinja2.Environment, chart: str, points: list[tuple[str, int, str]]
) -> None:
    html = render(env, "data", f'{chart}("By month", points)', points=points)
    assert "<table" in html
    for label, _value, text in points:
        assert re.search(rf'<th scope="row">{label}</th><td[^>]*>.*?{text}', html)
