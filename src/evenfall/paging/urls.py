"""The addresses of paging."""

from django.urls import path

from evenfall.paging.views import links, pages, policies, rules

app_name = "paging"
urlpatterns = [
    path("policies/", policies.policy_list, name="policies"),
    path("policies/new/", policies.new_policy, name="new_policy"),
    path("policies/<int:policy_id>/", policies.policy, name="policy"),
    path("policies/<int:policy_id>/edit/", policies.edit_policy, name="edit_policy"),
    path("policies/<int:policy_id>/archive/", policies.archive_policy, name="archive_policy"),
    path("policies/<int:policy_id>/assign/", policies.assign_policy, name="assign_policy"),
    path("pages/", pages.page_list, name="pages"),
    path("pages/new/", pages.call, name="call"),
    path("pages/<int:page_id>/", pages.page, name="page"),
    path("pages/<int:page_id>/part/", pages.page_part, name="page_part"),
    path("pages/<int:page_id>/respond/", pages.respond, name="respond"),
    path("pages/digests/<int:digest_id>/", pages.digest, name="digest"),
    path(
        "pages/digests/<int:digest_id>/respond/",
        pages.respond_to_digest,
        name="respond_to_digest",
    ),
    path("profile/rules/", rules.my_rules, name="rules"),
    path("profile/rules/hours/", rules.my_hours, name="hours"),
    path("profile/rules/rehearsal/", rules.rehearse, name="rehearse"),
    path("r/<str:token>/", links.answer, name="answer"),
]
