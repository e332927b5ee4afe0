"""Where a request comes from, known to whatever it sets off without being handed on."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

_address: ContextVar[str | None] = ContextVar("network address", default=None)

Answer = Callable[[HttpRequest], HttpResponseBase]
AsyncAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


def current_address() -> str | None:
    """The network address of the request that is being answered; None outside of one."""
    return _address.get()


@sync_and_async_middleware
def remember_address(get_response: Answer | AsyncAnswer) -> Answer | AsyncAnswer:
    """Keeps REMOTE_ADDR, in which the server puts the reader's address also behind a proxy."""
    if iscoroutinefunction(get_response):

        async def answer_later(request: HttpRequest) -> HttpResponseBase:
            token = _address.set(request.META.get("REMOTE_ADDR"))
            try:
                answered: HttpResponseBase = await get_response(request)
                return answered
            finally:
                _address.reset(token)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponseBase:
        token = _address.set(request.META.get("REMOTE_ADDR"))
        try:
            return get_response(request)  # type: ignore[return-value]
        finally:
            _address.reset(token)

    return answer
