"""What is said: threads on the draft's text, the comments in them, and what becomes of those."""

from comments.models.campaigns import (
    Campaign,
    CampaignMember,
    CampaignQuerySet,
    CampaignRecord,
    ComparisonDue,
    SameText,
    TextSignature,
)
from comments.models.comments import (
    MAXIMUM_BODY_LENGTH,
    REFERENCE_ALPHABET,
    REFERENCE_LENGTH,
    Comment,
    CommentQuerySet,
    CommentVersion,
    new_reference,
)
from comments.models.endorsements import Attachment, Endorsement
from comments.models.following import (
    Follow,
    Notification,
    NotificationChoice,
    NotificationQuerySet,
)
from comments.models.moderation import Flag, ModerationRecord, Original
from comments.models.placements import Placement, PlacementQuerySet
from comments.models.searching import SearchEntry
from comments.models.threads import Thread, ThreadQuerySet, ThreadTally

__all__ = [
    "MAXIMUM_BODY_LENGTH",
    "REFERENCE_ALPHABET",
    "REFERENCE_LENGTH",
    "Attachment",
    "Campaign",
    "CampaignMember",
    "CampaignQuerySet",
    "CampaignRecord",
    "Comment",
    "CommentQuerySet",
    "CommentVersion",
    "ComparisonDue",
    "Endorsement",
    "Flag",
    "Follow",
    "ModerationRecord",
    "Notification",
    "NotificationChoice",
    "NotificationQuerySet",
    "Original",
    "Placement",
    "PlacementQuerySet",
    "SameText",
    "SearchEntry",
    "TextSignature",
    "Thread",
    "ThreadQuerySet",
    "ThreadTally",
    "new_reference",
]
