"""The addresses of the consultation; a framework's code comes last, so that words win."""

from django.urls import URLPattern, path
from django.views.i18n import set_language

from consult.pages import (
    account,
    acting,
    addresses,  # noqa: F401 - knows <ref:…>
    desk,
    front,
    furniture,
    joining,
    membership,
    moderation,
    office_mandates,
    reading,
    reporting,
    talking,
)

urlpatterns: list[URLPattern] = [
    path("", front.front, name="front"),
    path("theme/", furniture.theme, name="theme"),
    path("language/", set_language, name="set_language"),
    path("accounts/me/", account.me, name="me"),
    path("accounts/me/back/", account.back_from_detour, name="back_from_detour"),
    path("accounts/sessions/<int:number>/end/", account.sign_out_there, name="sign_out_there"),
    path("c/<slug:reference>/", talking.comment, name="comment"),
    path("c/<slug:reference>/more/", acting.more, name="comment_more"),
    path("c/<slug:reference>/endorse/", acting.endorsement, name="comment_endorse"),
    path(
        "c/<slug:reference>/endorse/back/", acting.endorsement_taken_back, name="comment_unendorse"
    ),
    path("c/<slug:reference>/report/", acting.report, name="comment_report"),
    path("c/<slug:reference>/edit/", acting.edit, name="comment_edit"),
    path("c/<slug:reference>/withdraw/", acting.withdrawal, name="comment_withdraw"),
    path("c/<slug:reference>/appeal/", acting.appealing, name="comment_appeal"),
    path("c/<slug:reference>/history/", acting.history, name="comment_history"),
    path("rules/", acting.rules, name="rules"),
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/log/", moderation.log, name="moderation_log"),
    path("moderation/<slug:reference>/", moderation.moderated, name="moderated"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<slug:code>/<int:number>/", desk.draft, name="desk_draft"),
    path("desk/<slug:code>/<int:number>/undo/", desk.undo, name="desk_undo"),
    path("desk/<slug:code>/<int:number>/preview/<ref:ref>/", desk.preview, name="desk_preview"),
    path("desk/<slug:code>/<int:number>/window/<ref:ref>/", desk.window, name="desk_window"),
    path("desk/<slug:code>/<int:number>/reports/", reporting.reports, name="desk_reports"),
    path("reports/<uuid:public_id>/", reporting.report, name="report"),
    path("reports/<uuid:public_id>/progress/", reporting.progress, name="report_progress"),
    path("reports/<uuid:public_id>/comments/", reporting.comments, name="report_comments"),
    path("reports/<uuid:public_id>/inputs.jsonl", reporting.inputs, name="report_inputs"),
    path("invitations/<str:token>/", joining.invitation, name="invitation"),
    path("invitations/<str:token>/sign-up/", joining.invitation_sign_up, name="invitation_sign_up"),
    path("organisations/<uuid:public_id>/join/", joining.join, name="join"),
    path("my/organisations/<uuid:public_id>/members/", membership.members, name="members"),
    path("my/organisations/<uuid:public_id>/members/<int:key>/", membership.member, name="member"),
    path(
        "my/organisations/<uuid:public_id>/invitations/<int:key>/cancel/",
        membership.invitation_cancel,
        name="invitation_cancel",
    ),
    path(
        "my/organisations/<uuid:public_id>/requests/<int:key>/",
        membership.request_answer,
        name="request_answer",
    ),
    path(
        "my/organisations/<uuid:public_id>/leave/",
        membership.leave_organisation,
        name="leave_organisation",
    ),
    path(
        "my/organisations/<uuid:public_id>/mandates/new/",
        membership.mandate_new,
        name="mandate_new",
    ),
    path(
        "my/organisations/<uuid:public_id>/mandates/<int:key>/withdraw/",
        membership.mandate_withdraw,
        name="mandate_withdraw",
    ),
    path("office/mandates/", office_mandates.mandates, name="office_mandates"),
    path("office/mandates/<int:key>/", office_mandates.mandate, name="office_mandate"),
    path("<slug:code>/", front.framework, name="framework"),
    path("<slug:code>/<int:number>/", front.draft, name="draft"),
    path("<slug:code>/<int:number>/<ref:ref>/", reading.section, name="section"),
    path("<slug:code>/<int:number>/<ref:ref>/comments/", talking.thread, name="thread"),
    path("<slug:code>/<int:number>/<ref:ref>/sequences/", talking.sequences, name="sequences"),
]
