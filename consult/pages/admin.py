"""Django's admin, for rare repairs: a framework's title, a person's name, who belongs to what.

Roles, text, windows, comments, organisations and records are shown there and not changed: verbs do
that. (Admin classes take no type arguments at run time, hence what the type checker overlooks.)
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from accounts.access import require_second_factor
from accounts.models import (
    AuditRecord,
    EvidenceFile,
    Mandate,
    Membership,
    Organisation,
    OrganisationRecord,
    User,
)
from comments.models import Comment
from consult.document.models import Draft, Drafter, Framework, Window, WindowRecord
from consult.reports.models import Report


class DrafterInline(admin.TabularInline):  # type: ignore[type-arg]
    """Roles are given on the office's own page, which writes them into the audit log."""

    model = Drafter
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - as above
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


class FrameworkAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("code", "title", "owner_body")
    # The search must be told of a change: drafters keep the list on their desk.
    exclude = ("terms",)
    inlines = (DrafterInline,)


class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("display_name", "email", "is_moderator", "is_staff", "is_active")
    list_filter = ("is_moderator", "is_staff", "is_active", "is_demonstration")
    search_fields = ("email", "display_name")
    fields = ("email", "display_name", "is_moderator", "is_staff", "is_active", "date_joined")
    readonly_fields = ("email", "is_moderator", "is_staff", "date_joined")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - people sign up
        return False


class MembershipAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("user", "organisation", "role")
    autocomplete_fields = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")


class MandateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("membership", "starts_on", "ends_on", "state")
    autocomplete_fields = ("membership",)


class ShownOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at, not to change."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - as above
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


def may_enter(request: HttpRequest) -> bool:
    """Administrators may; SecondFactorNeeded for one who has no second factor."""
    user = request.user
    if not isinstance(user, User) or not user.is_active or not user.is_staff:
        return False
    return bool(require_second_factor(user))


admin.site.has_permission = may_enter  # type: ignore[method-assign]


class OrganisationAdmin(ShownOnly):
    list_display = ("name", "group", "state", "verified_at")
    list_filter = ("group", "state")
    search_fields = ("name",)


# People sign in by the one door that limits guessing and asks for a verified address.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.register(Framework, FrameworkAdmin)
admin.site.register(User, UserAdmin)
admin.site.register(Organisation, OrganisationAdmin)
admin.site.register(Membership, MembershipAdmin)
admin.site.register(Mandate, MandateAdmin)
admin.site.register([AuditRecord, EvidenceFile, OrganisationRecord], ShownOnly)
admin.site.register([Draft, Window, WindowRecord, Comment, Report], ShownOnly)
