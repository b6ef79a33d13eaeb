"""What is filled in at the desk: a push, a reason for withdrawing."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, Form, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.consignments.rules import moments
from portal.consignments.rules.queues import KEYS
from portal.consignments.rules.vocabulary import REASON_TEXT, REASONS, text
from portal.consignments.service.tracking import NewEvent
from portal.core import clock, i18n
from portal.core.i18n import lazy as _l

MAX_PLACE, MAX_NOTE = 120, 500  # characters
REASON_GROUPS = {
    "carrier": _l("On our side"),
    "consignee": _l("At the consignee"),
    "shipper": _l("At the shipper"),
    "other": _l("Other reasons"),
}


def plain(value: str | None) -> str:
    """Return what was typed without the characters that no keyboard has."""
    kept = (c for c in value or "" if c.isprintable() or c in "\n\t" or c == "\u3000")
    return "".join(kept).strip()


class PushForm(Form):
    """One status event, for one consignment or many."""

    code = SelectField(_l("Status"), validate_choice=False)
    occurred = StringField(
        _l("When"), filters=[plain], description=_l("Empty is now. Or 15:42, or 11-20 15:42.")
    )
    place = StringField(
        _l("Place"),
        filters=[plain],
        validators=[Length(max=MAX_PLACE, message=_l("Please say it in at most 120 characters."))],
    )
    reason = SelectField(_l("Reason"), validate_choice=False)
    note = TextAreaField(
        _l("Note"),
        filters=[plain],
        validators=[Length(max=MAX_NOTE, message=_l("Please say it in at most 500 characters."))],
    )
    published = BooleanField(_l("The customer can see it"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.choices = status_choices()
        self.reason.choices = reason_choices()
        self.at: datetime = clock.now()

    def validate_code(self, field: Any) -> None:
        """Refuse what is not in the list."""
        if field.data not in KEYS.values():
            raise ValidationError(_l("Choose the status to push."))

    def validate_occurred(self, field: Any) -> None:
        """Read the time; keep the instant in ``at``."""
        try:
            self.at = moments.read(field.data, self.at, i18n.zone())
        except (ValueError, OverflowError):
            message = _l("Please write the time as 15:42, 11-20 15:42 or 2026-11-20 15:42.")
            raise ValidationError(message) from None

    def validate_reason(self, field: Any) -> None:
        """Refuse reasons that nobody knows."""
        if field.data and field.data not in REASON_TEXT:
            raise ValidationError(_l("Choose a reason from the list, or none."))

    def event(self, source_event_id: str | None) -> NewEvent:
        """Return the event that the valid form describes."""
        return NewEvent(
            code=self.code.data,
            occurred_at=self.at,
            place=self.place.data or None,
            reason=self.reason.data or None,
            note=self.note.data or None,
            published=bool(self.published.data),
            source="manual",
            source_event_id=source_event_id,
        )


class WithdrawForm(Form):
    """Why something is withdrawn, resolved or cancelled."""

    #: The event to withdraw, while the form is shown anew.
    event_id: int | None = None
    why = StringField(
        _l("Why"),
        filters=[plain],
        validators=[
            DataRequired(message=_l("Please say why.")),
            Length(max=MAX_NOTE, message=_l("Please say it in at most 500 characters.")),
        ],
    )


def status_choices() -> list[tuple[str, str]]:
    """Return (code, name behind its key) of all that may be pushed."""
    return [
        ("", str(_l("Choose the status"))),
        *((c, f"{k.upper()}  {text(c)}") for k, c in KEYS.items()),
    ]


def reason_choices() -> dict[str, list[tuple[str, Any]]]:
    """Return the reasons by who is at the root of them, for a select with groups."""
    groups: dict[str, list[tuple[str, Any]]] = {"": [("", _l("No reason"))]}
    for code, reasons in REASONS.items():
        groups[str(REASON_GROUPS[code])] = list(reasons.items())
    return groups
