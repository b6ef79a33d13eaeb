"""Facts about campaigns: who made, changed, approved and stopped what."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CampaignEvent(Event):
    """Base of what happens to one campaign."""

    ref: str

    @property
    def about(self) -> str:
        """The campaign."""
        return about(self.ref)


def about(ref: str) -> str:
    """Return what the log calls a campaign."""
    return f"campaign:{ref}"


@dataclass(frozen=True, kw_only=True)
class CampaignMade(CampaignEvent):
    name = "campaign.made"
    advertiser: str


@dataclass(frozen=True, kw_only=True)
class CampaignChanged(CampaignEvent):
    """``part``: campaign, delivery, audience."""

    name = "campaign.changed"
    part: str


@dataclass(frozen=True, kw_only=True)
class CampaignMoved(CampaignEvent):
    """It has another state; ``note`` says why, where somebody sent it back."""

    name = "campaign.moved"
    state_before: str
    state: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CreativeKept(CampaignEvent):
    """A creative was added or changed (``is_new``)."""

    name = "campaign.creative_kept"
    creative: str
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class CreativeRemoved(CampaignEvent):
    name = "campaign.creative_removed"
    creative: str
