"""What was mailed, read from the jobs that would send it."""

from sqlalchemy import select

from portal.core.db import db
from portal.core.jobs import Job


def mails() -> list[dict[str, str]]:
    """Return what is owed: to, subject and body of each mail, oldest first."""
    jobs = db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [job.payload for job in jobs]


def link_in(mail: dict[str, str]) -> str:
    """Return the path of the one link in a mail."""
    (line,) = [line for line in mail["body"].splitlines() if line.startswith("http://localhost/")]
    return line.removeprefix("http://localhost")
