"""Addresses of the policies application below `/desk/`."""

from django.urls import path

from policies.views import accounts, filing, printing, sections, steps

app_name = "policies"
urlpatterns = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/new/", accounts.register, name="register"),
    path("accounts/<int:pk>/", accounts.account, name="account"),
    path("accounts/<int:pk>/draft/", accounts.begin_draft, name="begin_draft"),
    path("policies/<int:pk>/", filing.policy, name="policy"),
    path("policies/<int:pk>/filing.pdf", printing.filing_paper, name="filing_paper"),
    path("policies/<int:pk>/check/", filing.check, name="check"),
    path("policies/<int:pk>/edit/<slug:key>/", sections.edit, name="section"),
    path("policies/<int:pk>/steps/<slug:name>/", steps.policy_step, name="step"),
    path(
        "consultations/<int:pk>/steps/<slug:name>/", steps.consultation_step,
        name="consultation_step",
    ),
]  # fmt: skip
