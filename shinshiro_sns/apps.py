"""The project's own application: the machinery that all others share."""

from importlib import import_module

from django import forms
from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class PortalConfig(AppConfig):
    """Workflow, duties and the mail outbox."""

    name = "shinshiro_sns"
    verbose_name = "ポータル"

    def ready(self) -> None:
        """Says what a person is to do where Django only says that a field is required; declares how
        long mails are kept."""
        from shinshiro_sns.retention import declare  # noqa: PLC0415  (models are loaded by now)
        from shinshiro_sns.terms import TERMS  # noqa: PLC0415

        declare(TERMS)
        forms.Field.default_error_messages = {
            **forms.Field.default_error_messages,
            "required": "必ず入力する項目です。入力または選択してください。",
        }


class PortalAdminConfig(AdminConfig):
    """Django's admin behind the portal's own log-in."""

    default_site = "shinshiro_sns.admin.PortalAdminSite"

    def ready(self) -> None:
        """Find every application's admin, and beside them the outbox's and the calendar's."""
        super().ready()
        import_module("shinshiro_sns.mail_admin")
        import_module("shinshiro_sns.calendar_admin")
