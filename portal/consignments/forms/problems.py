"""What is wrong with a form, in the order of its page, each with the field that it is about."""

from collections.abc import Iterator

from wtforms import Field, FieldList, Form, FormField

from portal.core.i18n import gettext as _


def problems(form: Form, order: tuple[str, ...] = ()) -> list[tuple[str | None, str]]:
    """Return (id of the field or None, sentence); fields named in ``order`` come first."""
    names = [*order, *(field.short_name for field in form if field.short_name not in order)]
    found: list[tuple[str | None, str]] = [(None, str(each)) for each in form.form_errors]
    for name in names:
        if name in form:
            found.extend(_of(form[name], ""))
    return found


def _of(field: Field, before: str) -> Iterator[tuple[str | None, str]]:
    if isinstance(field, FormField):
        for inner in field.form:
            yield from _of(inner, before or f"{field.label.text}{_(': ')}")
    elif isinstance(field, FieldList):
        yield from ((field.id, str(each)) for each in field.errors if not isinstance(each, dict))
        for number, entry in enumerate(field.entries, 1):
            yield from _of(entry, _("Piece %(number)s: ", number=number))
    else:
        for error in field.errors:
            yield field.id, f"{before}{field.label.text} – {error}"
