"""The least a page of comments can cost: one indexed SELECT of fifty rows, and a template."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.http import require_safe

from comments.models import Comment

ROWS = 50
PAGE = engines["django"].from_string(
    """<!doctype html><html lang="en"><head><title>Floor</title></head><body><ol>
{% for comment in comments %}<li id="c-{{ comment.reference }}">
  <p><strong>{{ comment.organisation_name }}</strong> {{ comment.group }} {{ comment.stance }}</p>
  <p>{{ comment.body }}</p>
  <p><a href="/c/{{ comment.reference }}/">{{ comment.created_at }}</a></p>
</li>{% endfor %}
</ol></body></html>"""
)


@require_safe
def floor(request: HttpRequest, thread: int) -> HttpResponse:
    """Fifty first comments of a thread."""
    comments = Comment.objects.filter(thread=thread, parent=None).order_by("sequence")[:ROWS]
    return HttpResponse(PAGE.render({"comments": comments}, request))
