"""Browser sessions: signed cookies, opened only where a browser brings one."""

from datetime import datetime, timedelta

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from portal.core import clock

#: A cookie is signed anew when this old, so that who comes each day stays signed in.
SIGNED_ANEW_AFTER = timedelta(hours=1)


class Session(SecureCookieSession):
    """A session that knows when its cookie was signed; None: it has none yet."""

    signed_at: datetime | None = None


class Sessions(SecureCookieSessionInterface):
    """Flask's own, which would set up its signing for every program and visitor too.

    Nor is the same cookie set again with every answer: it is signed anew once an hour.
    """

    session_class = Session

    def open_session(self, app: Flask, request: Request) -> Session:
        """Return the session of the request's cookie; an empty one where there is none."""
        kept = request.cookies.get(self.get_cookie_name(app))
        signing = self.get_signing_serializer(app) if kept else None
        if not kept or signing is None:
            return Session()
        most_s = int(app.permanent_session_lifetime.total_seconds())
        try:
            said, signed_at = signing.loads(kept, max_age=most_s, return_timestamp=True)
        except BadSignature:
            return Session()
        session = Session(said)
        session.signed_at = signed_at
        return session

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the answer brings the cookie: it says something new, or is old."""
        if session.modified:
            return True
        signed_at = getattr(session, "signed_at", None)
        return session.permanent and (
            signed_at is None or clock.now() - signed_at > SIGNED_ANEW_AFTER
        )
