"""The office: who has which role. An administrator gives and takes away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, require_administrator
from accounts.confirming import require_confirmation
from accounts.roles import RoleRefused
from consult.pages.role_holding import GiveRoleForm, RolesPage, TakeRoleForm, give, name_of, take

REFUSED = 422


@cache_control(no_store=True)
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: SignedInRequest) -> HttpResponse:
    """Who has which role; POST gives one."""
    administrator = require_administrator(request.user)
    form = GiveRoleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require_confirmation(request)
    if request.method == "POST" and form.is_valid():
        try:
            person = give(form.cleaned_data, actor=administrator)
        except RoleRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            said = {"person": person.shown_name, "role": name_of(form.cleaned_data["role"])}
            messages.success(request, _("%(person)s has a new role: %(role)s.") % said)
            return redirect("office_roles")
    status = REFUSED if form.errors else 200
    page = RolesPage(form=form)
    return render(request, "consult/office_roles.html", {"page": page}, status=status)


@cache_control(no_store=True)
@login_required
@require_POST
def take_role(request: SignedInRequest) -> HttpResponse:
    """Take a role away from someone."""
    administrator = require_administrator(request.user)
    require_confirmation(request)
    form = TakeRoleForm(request.POST)
    refusal = _("Choose a role, and who holds it.")
    if form.is_valid():
        try:
            person = take(form.cleaned_data, actor=administrator)
        except RoleRefused as refused:
            refusal = str(refused)
        else:
            said = {"person": person.shown_name, "role": name_of(form.cleaned_data["role"])}
            messages.success(request, _("%(person)s no longer has this role: %(role)s.") % said)
            own = person == administrator and not person.is_staff
            return redirect("front" if own else "office_roles")
    page = RolesPage(form=GiveRoleForm(), refusal=refusal)
    return render(request, "consult/office_roles.html", {"page": page}, status=REFUSED)
