"""What advertising needs when the portal starts."""

from flask import Flask

from portal.core import headers, jobs
from portal.core.attribution import JOB
from portal.promotion import conversions
from portal.promotion.shown import places
from portal.promotion.views import public


def init_app(app: Flask) -> None:
    """Let templates show advertisements, and shut animations in."""
    app.jinja_env.globals["ad"] = places.ad
    headers.SHUT_IN["ads.frame"] = public.FRAME_POLICY
    jobs.handles(JOB, conversions.convert)
