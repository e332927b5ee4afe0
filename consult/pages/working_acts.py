"""What a drafter asks to be done to a piece, led to the verb that does it."""

from collections.abc import Callable

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from consult.document.models import WorkingPiece, WorkingText
from consult.document.working import (
    WorkingRefused,
    add_piece,
    adopt_wording,
    change_piece,
    delete_piece,
    merge_with_next,
    move_piece,
    move_step,
    restore_piece,
    split_piece,
)
from consult.pages.working_contexts import refs_of, wordings_for
from consult.pages.working_forms import PieceForm

Doing = Callable[[WorkingPiece, PieceForm, User], WorkingPiece]


def act_on(working: WorkingText, key: int, form: PieceForm, *, actor: User) -> WorkingPiece:
    """Do what the form asks to the piece of this key, and give the piece to look at then.

    Http404 where there is none. Raises WorkingRefused and EditConflict.
    """
    piece = working.pieces.select_related("working_text__framework").filter(pk=key).first()
    if piece is None:
        raise Http404
    if not form.is_valid():
        raise WorkingRefused(" ".join(str(each[0]) for each in form.errors.values()))
    return ACTS[form.cleaned_data["act"]](piece, form, actor)


def _save(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    return change_piece(piece, words=form.words, version=form.cleaned_data["version"], actor=actor)


def _split(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    parts = split_piece(piece, texts=form.parts, version=form.cleaned_data["version"], actor=actor)
    return parts[0]


def _merge(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    sent = form.cleaned_data
    following = piece.working_text.pieces.filter(pk=sent["following"]).first()
    if following is None:
        raise WorkingRefused(_("Nothing stands behind it that it could be merged with."))
    saved = _save(piece, form, actor)
    return merge_with_next(
        saved,
        following=following,
        version=saved.version,
        following_version=sent["following_version"] or 0,
        actor=actor,
    )


def _up(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    return move_step(_save(piece, form, actor), up=True, actor=actor)


def _down(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    return move_step(_save(piece, form, actor), up=False, actor=actor)


def _move(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    asked = form.cleaned_data["behind"].strip()
    behind = refs_of(piece.working_text).get(asked)
    if behind is None:
        raise WorkingRefused(_("Nothing here has the reference “%(ref)s”.") % {"ref": asked})
    return move_piece(piece, behind=behind, actor=actor)


def _delete(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    return delete_piece(piece, version=form.cleaned_data["version"], actor=actor)[0]


def _restore(piece: WorkingPiece, _form: PieceForm, actor: User) -> WorkingPiece:
    return restore_piece(piece, actor=actor)


def _add(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    kind = form.cleaned_data["kind"] or WorkingPiece.Kind.PARAGRAPH
    return add_piece(piece, kind=kind, words=form.words, actor=actor)


def _adopt(piece: WorkingPiece, form: PieceForm, actor: User) -> WorkingPiece:
    asked = form.cleaned_data["comment"]
    wordings = wordings_for(piece.working_text, list(piece.came_from.all()))
    comment = next((each for each in wordings if each.reference == asked), None)
    if comment is None:
        raise WorkingRefused(_("This comment's wording isn't shown any more."))
    return adopt_wording(
        piece,
        text=comment.proposed_text,
        reference=comment.reference,
        version=form.cleaned_data["version"],
        actor=actor,
    )


ACTS: dict[str, Doing] = {
    "save": _save,
    "split": _split,
    "merge": _merge,
    "up": _up,
    "down": _down,
    "move": _move,
    "delete": _delete,
    "restore": _restore,
    "add": _add,
    "adopt": _adopt,
}
