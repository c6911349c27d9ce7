"""The addresses of identity. Sign-in itself is at /accounts/ and comes from django-allauth."""

from django.urls import path

from evenfall.identity.views import audit, joining, people, profile, settings, teams

app_name = "identity"
urlpatterns = [
    path("people/", people.people_list, name="people"),
    path("people/export.csv", people.people_csv, name="people_csv"),
    path("people/invite/", people.invite, name="invite"),
    path("people/invite/several/", people.invite_several, name="invite_several"),
    path("people/invitations/<int:invitation_id>/", people.invitation, name="invitation"),
    path(
        "people/invitations/<int:invitation_id>/renew/",
        people.renew_invitation,
        name="renew_invitation",
    ),
    path(
        "people/invitations/<int:invitation_id>/revoke/",
        people.revoke_invitation,
        name="revoke_invitation",
    ),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/role/", people.change_role, name="change_role"),
    path("people/<int:user_id>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:user_id>/reactivate/", people.reactivate, name="reactivate"),
    path("people/<int:user_id>/sign-out/", people.end_sessions, name="end_sessions"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.new_team, name="new_team"),
    path("teams/<slug:slug>/", teams.team, name="team"),
    path("teams/<slug:slug>/edit/", teams.edit_team, name="edit_team"),
    path("teams/<slug:slug>/delete/", teams.delete_team, name="delete_team"),
    path("teams/<slug:slug>/members/", teams.set_member, name="set_member"),
    path(
        "teams/<slug:slug>/members/<int:user_id>/remove/",
        teams.remove_member,
        name="remove_member",
    ),
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings.site_settings, name="settings"),
    path("settings/tokens/", profile.tokens, name="tokens"),
    path("settings/tokens/<int:token_id>/revoke/", profile.revoke_token, name="revoke_token"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export.csv", audit.audit_csv, name="audit_csv"),
    path("audit/export.jsonl", audit.audit_json, name="audit_json"),
    path("invite/<str:token>/", joining.accept_invitation, name="accept_invitation"),
    path("welcome/<str:token>/", joining.welcome, name="welcome"),
]
