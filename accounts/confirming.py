"""Before a sensitive act: is it still the person who signed in?"""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest


def require_confirmation(request: HttpRequest) -> None:
    """Nothing, where the person has proven lately that it is still them.

    Raises allauth's ReauthenticationRequired otherwise: its middleware asks them, and goes on with
    what was sent.
    """
    reauthentication_required(_go_on)(request)


def _go_on(request: HttpRequest) -> None:
    pass
