"""What a person says when he takes an account over."""

from __future__ import annotations

from django import forms


class HandoverForm(forms.Form):
    """One sentence, agreed to."""

    read = forms.BooleanField(
        label="上の内容を確かめました。ログインでき、パスワードの変更など、することが分かりました。",
        error_messages={"required": "内容を確かめてから、チェックを入れてください。"},
    )
