"""The form of a correction at the desk."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy as _l

MOST_NOTE = 500


class CorrectionForm(FlaskForm):
    """Why a movement is undone; ``key`` was made at the first paint, so that it happens once."""

    key = HiddenField(validators=[InputRequired(), Length(max=100)])
    note = TextAreaField(
        _l("What was wrong"),
        description=_l("It stands in the ledger beside the counter-entry, for the owner to read."),
        validators=[
            InputRequired(_l("Say what was wrong.")),
            Length(max=MOST_NOTE, message=_l("At most %(most)d characters.", most=MOST_NOTE)),
        ],
    )
