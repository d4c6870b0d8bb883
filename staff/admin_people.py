"""People and their memberships in the admin."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.contrib import admin, messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from staff.admin_base import StaffAdmin
from staff.admin_forms import UserForm
from staff.gaps import naming_new_gaps
from staff.importing import MembershipTable, UserTable
from staff.leavers import KINDS, STANDING
from staff.models import Department, Membership, User, valid_on


class MembershipInline(admin.StackedInline):
    """A person's places; a new one is added here, an old one is ended in its own list."""

    model = Membership
    extra = 0
    fields = [("department", "role"), ("valid_from", "valid_until")]
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was is not rewritten beside the person's name."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the table of roles has it."""
        return request.user.has_perm("staff.view_membership")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the table of roles has it."""
        return request.user.has_perm("staff.add_membership")


class StandingFilter(admin.SimpleListFilter):
    """People who may have left without anybody saying so."""

    title = "在職と所属"
    parameter_name = STANDING

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Both kinds."""
        return [(name, title) for name, (_, title, _) in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Judged by today's date."""
        if self.value() not in KINDS:
            return queryset
        rows, *_ = KINDS[str(self.value())]
        return queryset.filter(pk__in=rows(timezone.localdate()).values("pk"))


class UserAdmin(StaffAdmin):
    """職員. Nobody is deleted; who leaves is no longer 在職中."""

    table = UserTable
    form = UserForm
    inlines = [MembershipInline]
    list_display = ["name", "email", "places", "is_active", "is_auditor", "is_administrator"]
    list_filter = ["is_active", "is_auditor", "is_administrator", StandingFilter]
    search_fields = ["name", "kana", "email", "memberships__department__name"]
    search_help_text = "氏名、よみ、メールアドレス、所属名から探します。"
    actions = ["send_reset_link"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Not by password: who may read the list could ask for a hash sign by sign."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With the places of today, for the list."""
        today = Membership.objects.current().select_related("department")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", today, to_attr="places_today"))
        )

    @admin.display(description="今の所属")
    def places(self, user: Any) -> str:
        """Every department and what the person is there."""
        return "、".join(f"{m.department}({m.get_role_display()})" for m in user.places_today)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form knows who edits."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    @admin.action(description="パスワード設定のメールを送る", permissions=["manage"])
    def send_reset_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Each chosen person gets the link with which he sets his own password."""
        chosen = list(queryset)
        active = [user for user in chosen if user.is_active]
        for user in active:
            form = ResetPasswordForm(data={"email": user.email})
            if form.is_valid():
                form.save(request)
                self.log_change(request, user, "パスワード設定のメールを送りました。")
        if active:
            text = f"{len(active)}人に、パスワードを設定するためのメールを送りました。"
            self.message_user(request, text, messages.SUCCESS)
        if left := len(chosen) - len(active):
            text = f"{left}人は在職中ではないため、送りませんでした。"
            self.message_user(request, text, messages.WARNING)


class CurrentFilter(admin.SimpleListFilter):
    """Memberships that hold, are past or are to come."""

    title = "時期"
    parameter_name = "when"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Three times."""
        return [("now", "今"), ("past", "終わったもの"), ("coming", "これから")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Membership]
    ) -> QuerySet[Membership]:
        """Judged by today's date."""
        today = timezone.localdate()
        by = {
            "now": valid_on(today),
            "past": Q(valid_until__lt=today),
            "coming": Q(valid_from__gt=today),
        }
        return queryset.filter(by[self.value()]) if self.value() in by else queryset  # type: ignore[index]


class MembershipAdmin(StaffAdmin):
    """所属の記録. Who, where and as what stay as they were: a change of place is a new record."""

    table = MembershipTable
    list_display = ["user", "department", "role", "valid_from", "valid_until"]
    list_select_related = ["user", "department"]
    list_filter = [CurrentFilter, "role", ("department", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["user__name", "user__kana", "user__email", "department__name"]
    search_help_text = "氏名、よみ、メールアドレス、所属名から探します。"
    fields = ["user", "department", "role", "valid_from", "valid_until"]
    actions = ["end_today"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only the days of a record may be put right."""
        return ["user", "department", "role"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only people and departments of today are offered."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True)
        if db_field.name == "department":
            kwargs["queryset"] = Department.objects.current()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.action(description="今日で終える", permissions=["manage"])
    def end_today(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Today is the last day; what has ended already, or not begun, is left alone and said."""
        today = timezone.localdate()
        chosen = list(queryset.select_related("user", "department"))
        with naming_new_gaps(request):
            ended = [m for m in chosen if m.valid_from <= today and _holds_on_after(m, today)]
            for membership in ended:
                membership.valid_until = today
                membership.save()
                self.log_change(request, membership, "今日で終えました。")
        if ended:
            text = f"{len(ended)}件の所属の記録を、今日で終えました。"
            self.message_user(request, text, messages.SUCCESS)
        if left := len(chosen) - len(ended):
            text = f"{left}件は、すでに終わっているか、まだ始まっていないため、そのままにしました。"
            self.message_user(request, text, messages.WARNING)


def _holds_on_after(membership: Membership, day: Any) -> bool:
    return membership.valid_until is None or membership.valid_until > day
