"""Reads of counts; ``accuracy_for(user)`` is for the owners of goods."""

from portal.warehousing.counting.queries.accuracy import Accuracy, accuracy_by_owner, accuracy_for

__all__ = ["Accuracy", "accuracy_by_owner", "accuracy_for"]
