"""Texts of templates: in the reader's language each time, with what is put in made safe."""

from flask import render_template_string

from portal.core import i18n

SAID = {"en": "Picked up", "zh-Hans": "已揽收", "zh-Hant": "已收件"}


def said(app, template, language, **values):
    with app.test_request_context("/"), i18n.speaking(language):
        return render_template_string(template, **values)


def test_a_text_is_said_in_the_language_that_is_spoken_now(app):
    for _ in range(2):
        for language, words in SAID.items():
            assert said(app, '{{ _("Picked up") }}', language) == words


def test_values_are_put_in_anew_and_escaped(app):
    template = '{{ _("%(count)s of %(name)s", count=count, name=name) }}'
    assert said(app, template, "en", count=1, name="<b>") == "1 of &lt;b&gt;"
    assert said(app, template, "en", count=2, name="x") == "2 of x"


def test_a_text_without_values_may_hold_a_percent_sign(app):
    assert said(app, '{{ _("100%% sure") }}', "en") == "100% sure"
