"""A framework's own terms, which the search keeps whole, and the words of its drafts' text."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from consult.document.discovering import Discovery, discover
from consult.document.models import Framework, Provision
from consult.document.segmenting import Vocabulary, fold, is_term, places_of_words
from consult.document.vectors import vector

MOST_TERMS = 1000
MOST_DISCOVERED = 60
CHUNK = 500


class TermsRefused(Exception):
    """The list of terms was not changed; the message says why."""


def vocabulary_of(framework: Framework) -> Vocabulary:
    """The framework's terms as the search takes texts apart with them."""
    return _vocabulary(tuple(framework.terms))


@lru_cache(maxsize=32)
def _vocabulary(terms: tuple[str, ...]) -> Vocabulary:
    return Vocabulary(terms)


def framework_label(framework_id: int) -> str:
    """By which a query tells apart what frameworks with other terms have."""
    return f"framework:{framework_id}"


def words_for_search(
    texts: Iterable[str], framework: Framework, *, labels: Iterable[str] = ()
) -> str:
    """The vector of these texts of one thing, with its labels."""
    places = places_of_words(texts, vocabulary_of(framework))
    return vector(places, labels=[framework_label(framework.pk), *labels])


def change_terms(framework: Framework, *, terms: Sequence[str]) -> bool:
    """Keep these terms whole from now on; whether that changed anything.

    The drafts' text is taken apart anew at once; the comments are by
    `comments.searching.bring_up_to_date`. Raises TermsRefused.
    """
    checked = _checked(terms)
    with transaction.atomic():
        locked = Framework.objects.select_for_update().get(pk=framework.pk)
        if locked.terms == checked:
            return False
        locked.terms = checked
        locked.terms_version += 1
        locked.save(update_fields=["terms", "terms_version"])
        take_text_apart(locked)
    return True


def take_apart_again(framework: Framework) -> None:
    """Take the drafts' text apart as a newer version of the software does, and count that as new
    terms, so that the comments follow."""
    with transaction.atomic():
        locked = Framework.objects.select_for_update().get(pk=framework.pk)
        locked.terms_version += 1
        locked.save(update_fields=["terms_version"])
        take_text_apart(locked)


def take_text_apart(framework: Framework) -> None:
    """Write the words of every draft of the framework."""
    provisions = Provision.objects.filter(draft__framework=framework).only("text").order_by("pk")
    changed = list(provisions)
    for provision in changed:
        provision.search = words_for_search([provision.text], framework)
    Provision.objects.bulk_update(changed, ["search"], batch_size=CHUNK)


def discover_terms(framework: Framework) -> list[Discovery]:
    """What may be terms in the text of the framework's newest draft, the most frequent first."""
    newest = framework.drafts.newest_first().first()
    if newest is None:
        return []
    texts = newest.provisions.values_list("text", flat=True).order_by("pk")
    return discover(texts, known=vocabulary_of(framework))[:MOST_DISCOVERED]


def _checked(terms: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for term in map(str.strip, terms):
        folded = fold(term).text
        if not term:
            continue
        if not is_term(folded) or len(term) != len(folded):
            raise TermsRefused(
                _("“%(term)s” can't be kept whole: give Chinese words of 2 to 12 characters.")
                % {"term": term[:40]}
            )
        found.setdefault(folded, term)
    if len(found) > MOST_TERMS:
        raise TermsRefused(
            _("Give at most %(limit)s terms; these are %(count)s.")
            % {"limit": f"{MOST_TERMS:,}", "count": f"{len(found):,}"}
        )
    return sorted(found.values())
