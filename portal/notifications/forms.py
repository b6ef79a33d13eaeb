"""What a form about notices says."""

from collections.abc import Mapping

from portal.notifications import rules


def wanted(said: Mapping[str, str]) -> dict[str, str]:
    """Return kind → channel, of the kinds that a form names."""
    return {kind: said[kind] for kind in rules.KINDS if kind in said}
