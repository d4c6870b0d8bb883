"""The desk's forms as a browser has them."""

from django.urls import reverse


def section(policy, key):
    return reverse("policies:section", args=[policy.pk, key])


def opened(client, policy, key):
    """What a browser would post back unchanged, by field."""
    form = client.get(section(policy, key)).context["form"]
    sealed = client.get(section(policy, key)).context["seal"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items()}
    return {"seen": sealed, **{n: v for n, v in values.items() if v is not False}}
