"""`/report/`: a citizen reports an account that he takes for a fake, 5(2). The one form of the public."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.profiles import Profile, UnreadableProfile, read_profile
from incidents import reporting
from incidents.reporting import Known, NotTaken
from publication.pages import Page, public_form, public_page, show
from staff.fields import TextField

INVALID = 422
TITLE = "にせのアカウントを知らせる"
TOO_MANY = (
    "同じところから多くの送信があったため、受け付けられません。前の画面に戻ると、書いた内容が残っています。"
    "10分ほど待ってからもう一度送るか、電話でお知らせください。\n"
)
DOWN = "今は受け付けられません。お急ぎのときは、電話でお知らせください。内容は残っています。"


class ReportForm(forms.Form):
    """What is asked of a citizen: no name, and an address only if he wants to hear what came of it."""

    url = forms.CharField(
        label="にせものだと思うアカウントのURL", max_length=2000,
        help_text="プロフィールのページのURLを、写し取って貼り付けてください。",
        error_messages={"required": "アカウントのURLを入力してください。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
    )  # fmt: skip
    why = TextField(
        label="そう思った理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例:市の名前で、当選したというメッセージが届いた。口座番号、暗証番号、他人の名前は書かないでください。",
        error_messages={"required": "そう思った理由を入力してください。"},
    )  # fmt: skip
    mail = forms.EmailField(
        label="メールアドレス", required=False, max_length=254,
        help_text="結果を知りたいときだけ入力してください。結果をお知らせしたら、消します。",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    form = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_url(self) -> Profile:
        """The account that it names, be it by one of its posts."""
        try:
            return read_profile(self.cleaned_data["url"])
        except UnreadableProfile as error:
            if error.profile is not None:
                return error.profile
            raise ValidationError(str(error)) from error


@public_form
def report(request: HttpRequest) -> HttpResponse:
    """The form; a POST that is taken leads to the thanks."""
    if request.method != "POST":
        return _page(request, ReportForm(initial={"form": reporting.new_form()}))
    try:
        if reporting.is_flooding(request):
            return HttpResponse(TOO_MANY, status=429, content_type="text/plain; charset=utf-8")
        form = ReportForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=INVALID)
        return _sent(request, form)
    except DatabaseError:
        # Even the counting asks the database.
        return _page(request, ReportForm(request.POST), refused=DOWN, status=503)


def _sent(request: HttpRequest, form: ReportForm) -> HttpResponse:
    given = form.cleaned_data
    if known := reporting.known(given["url"]):
        return _page(request, form, known=known)
    try:
        reporting.take_in(
            request, given["url"], form=given["form"], why=given["why"], mail=given["mail"]
        )
    except NotTaken as refused:
        if refused.http_status == INVALID:
            # The form was too old: this one is new.
            form.data = {**request.POST.dict(), "form": reporting.new_form()}
        return _page(request, form, refused=str(refused), status=refused.http_status)
    return redirect("publication:report_thanks")


def _page(
    request: HttpRequest, form: ReportForm, *, known: Known | None = None, refused: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    page = Page(
        TITLE,
        f"{settings.CITY_NAME}のふりをしている疑いのあるアカウントを、市に知らせるページです。",
        reverse("publication:report"),
    )
    context: dict[str, Any] = {
        "form": form, "known": known, "refused": refused, "form_errors": status == INVALID,
    }  # fmt: skip
    response = show(request, "report.html", page, **context)
    response.status_code = status
    return response


@public_page
def thanks(request: HttpRequest) -> HttpResponse:
    """`/report/thanks/`: that it arrived, and what happens now."""
    page = Page(
        "お知らせを受け付けました",
        "にせのアカウントのお知らせを受け付けました。",
        reverse("publication:report_thanks"),
        is_for_search_engines=False,
    )
    return show(request, "report_thanks.html", page)
