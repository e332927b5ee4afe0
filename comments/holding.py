"""What is held about a person for what they said and did about comments."""

from accounts.holding import HeldPart
from comments.models import (
    Attachment,
    CampaignRecord,
    Comment,
    CommentVersion,
    Endorsement,
    Flag,
    Follow,
    ModerationRecord,
    Notification,
    NotificationChoice,
    Original,
)

PLACE = ("thread__draft__framework__code", "thread__draft__number", "thread__section__ref")

PARTS = (
    HeldPart(
        "comments",
        Comment,
        "author",
        (
            "reference",
            *PLACE,
            "thread__provision__ref",
            "parent__reference",
            "group",
            "organisation_name",
            "school_level",
            "public_role",
            "as_drafter",
            "stance",
            "body",
            "proposed_text",
            "anchor_exact",
            "state",
            "created_at",
            "edited_at",
        ),
    ),
    HeldPart(
        "comments-earlier-versions",
        CommentVersion,
        "comment__author",
        ("comment__reference", "number", "stance", "body", "proposed_text", "written_at"),
    ),
    HeldPart(
        "comments-no-longer-shown",
        Original,
        "comment__author",
        ("comment__reference", "body", "proposed_text", "anchor_exact", "kept_at"),
    ),
    HeldPart(
        "attachments",
        Attachment,
        "comment__author",
        ("comment__reference", "public_id", "shown_name", "size", "sha256"),
    ),
    HeldPart(
        "endorsements",
        Endorsement,
        "user",
        ("comment__reference", "organisation_name", "group", "created_at"),
    ),
    HeldPart(
        "reports-of-comments",
        Flag,
        "reporter",
        ("comment__reference", "rule", "words", "created_at", "handled_at"),
    ),
    HeldPart(
        "moderation",
        ModerationRecord,
        "actor",
        ("comment__reference", "act", "rule", "reason", "recorded_at"),
    ),
    HeldPart(
        "decisions-on-campaigns",
        CampaignRecord,
        "actor",
        ("campaign__public_id", "act", "comment__reference", "recorded_at"),
    ),
    HeldPart(
        "follows",
        Follow,
        "user",
        ("section__ref", "provision__ref", "thread_id", "created_at"),
    ),
    HeldPart(
        "notifications",
        Notification,
        "user",
        ("kind", "comment__reference", "section__ref", "created_at", "read_at", "mailed_at"),
    ),
    HeldPart("notification-choice", NotificationChoice, "user", ("e_mail",)),
)
