"""What is forgotten: sign-ins, keys and mailed links that ended long ago."""

from datetime import timedelta

from sqlalchemy import delete

from portal.accounts.models import ApiKey, Invitation, OneTimeToken, SignIn
from portal.core import clock, scope
from portal.core.db import changed

KEPT_FOR = timedelta(days=90)  # long enough to look into what a stolen one did


def forget_ended() -> int:
    """Delete what ended, expired or was revoked more than KEPT_FOR ago; return how many rows."""
    edge = clock.now() - KEPT_FOR
    statements = (
        delete(SignIn).where((SignIn.ended_at < edge) | (SignIn.expires_at < edge)),
        delete(OneTimeToken).where(OneTimeToken.expires_at < edge),
        delete(ApiKey).where((ApiKey.revoked_at < edge) | (ApiKey.expires_at < edge)),
        delete(Invitation).where(Invitation.expires_at < edge),
    )
    return sum(changed(each.execution_options(**scope.CENTRE)) for each in statements)
