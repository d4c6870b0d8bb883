"""Public addresses: no log-in, GET and HEAD alone."""

from django.urls import path, register_converter

from publication import (
    check_pages,
    data_pages,
    departments,
    english,
    explaining,
    fragments,
    health,
    list_pages,
    notice_pages,
    posters,
    report_pages,
    views,
    well_known,
)
from publication.addresses import IsoDateConverter

register_converter(IsoDateConverter, "isodate")

app_name = "publication"
urlpatterns = [
    path("", list_pages.account_list, name="accounts"),
    path("list/table/", list_pages.whole, {"table": True}, name="accounts_table"),
    path("list/former/", list_pages.whole, {"former": True}, name="accounts_former"),
    path(
        "list/former/table/",
        list_pages.whole,
        {"former": True, "table": True},
        name="accounts_former_table",
    ),
    path("list/index.json", list_pages.index, name="accounts_index"),
    path("list/<slug:kind>/<slug:key>/", list_pages.narrowed, name="accounts_of"),
    path(
        "list/<slug:kind>/<slug:key>/table/",
        list_pages.narrowed,
        {"table": True},
        name="accounts_of_table",
    ),
    path("accounts/<int:pk>/", views.account, name="account"),
    path("accounts/<int:pk>/policy/<int:version>/", views.policy_version, name="policy"),
    path("check/", check_pages.check, name="check"),
    path("en/", english.account_list, name="accounts_english"),
    path("en/accounts/<int:pk>/", english.account, name="account_english"),
    path("en/official/", english.official, name="official_english"),
    path("en/check/", check_pages.check_english, name="check_english"),
    path("check/index.json", check_pages.index, name="check_index"),
    path("api/check", check_pages.api, name="check_api"),
    path("report/", report_pages.report, name="report"),
    path("report/thanks/", report_pages.thanks, name="report_thanks"),
    path("departments/<int:pk>/", departments.department, name="department"),
    path("accounts/<int:pk>/poster/", posters.of_account, name="account_poster"),
    path("departments/<int:pk>/poster/", posters.of_department, name="department_poster"),
    path("accounts.fragment.html", fragments.accounts, name="accounts_fragment"),
    path("official/", explaining.official, name="official"),
    path("notices/", notice_pages.notice_list, name="notices"),
    path("notices/<int:pk>/", notice_pages.notice, name="notice"),
    path("notices/feed.atom", notice_pages.feed, name="notices_feed"),
    path("guideline/", views.guideline, name="guideline"),
    path("guideline/<isodate:day>/", views.guideline_version, name="guideline_version"),
    path("accessibility/", explaining.accessibility, name="accessibility"),
    path("open-data/", data_pages.about, name="open_data"),
    path("accounts.json", data_pages.accounts_json, name="accounts_json"),
    path("accounts.csv", data_pages.accounts_csv, name="accounts_csv"),
    path("accounts.schema.json", data_pages.accounts_schema, name="accounts_schema"),
    path("openapi.json", data_pages.description, name="openapi"),
    path(".well-known/trust.txt", well_known.trust, name="trust"),
    path(".well-known/security.txt", well_known.security, name="security"),
    path("robots.txt", well_known.robots, name="robots"),
    path("sitemap.xml", well_known.sitemap, name="sitemap"),
    path("404.html", views.not_found, name="not_found"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
]
