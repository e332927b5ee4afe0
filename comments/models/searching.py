"""The words of what is said, apart from it: a comment's own row changes with every endorsement."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comments import Comment
from comments.models.threads import Thread
from consult.document.models import Draft


class SearchEntry(models.Model):
    """A shown comment as the search finds it. `comments.searching` writes it; others have none.

    In a table of its own, so that endorsing a comment, which changes its row and its indexes,
    leaves some sixty words alone, and reading a thread doesn't read them.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    # As the comment has them, where PostgreSQL sees to it that they exist.
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    draft = models.ForeignKey(
        Draft, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    # The words, and labels that filters ask for, as in `group:school`.
    words = SearchVectorField()
    # With which of the framework's lists of terms the text was taken apart.
    terms_version = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [
            # Not gathered and added later in one go: a search would read what is gathered.
            GinIndex(fields=["words"], name="search_entry_words", fastupdate=False),
            # Frequent words are looked for among a draft's newest comments; by the primary key,
            # among all drafts'.
            models.Index(fields=["draft", "-comment"], name="search_entry_newest_in_draft"),
            # What was taken apart with terms that have changed since.
            models.Index(fields=["draft", "terms_version"], name="search_entry_stale"),
        ]

    def __str__(self) -> str:
        return str(self.comment_id)
