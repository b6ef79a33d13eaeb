"""Tables of consignments and what belongs to them."""

from portal.consignments.models.address import Address
from portal.consignments.models.consignment import Consignment, Piece
from portal.consignments.models.estimate import DurationFigure, EstimateFigure
from portal.consignments.models.incident import (
    Incident,
    IncidentCount,
    IncidentFigure,
    IncidentMute,
    IncidentStep,
    IncidentWatch,
)
from portal.consignments.models.totals import DeliveryFigure, OpenCount, StatusCount
from portal.consignments.models.tracking import Attachment, TrackingEvent

__all__ = [
    "Address",
    "Attachment",
    "Consignment",
    "DeliveryFigure",
    "DurationFigure",
    "EstimateFigure",
    "Incident",
    "IncidentCount",
    "IncidentFigure",
    "IncidentMute",
    "IncidentStep",
    "IncidentWatch",
    "OpenCount",
    "Piece",
    "StatusCount",
    "TrackingEvent",
]
