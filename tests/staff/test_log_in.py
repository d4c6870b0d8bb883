"""Who one is to the portal: the address one logs in with, and what cannot be found out of it."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse

from staff import demonstration
from staff.models import User
from tests.factories import PASSWORD


@pytest.fixture
def asked_once_for_a_link(cast, client):
    """The officer has had a link sent, from which time allauth keeps his address too."""
    client.post(reverse("account_reset_password"), {"email": cast.officer.email})
    assert list(EmailAddress.objects.values_list("user", "email")) == [
        (cast.officer.pk, cast.officer.email)
    ]
    mail.outbox.clear()


def move(person: User, email: str) -> str:
    """Give `person` another address; returns the former one."""
    former, person.email = person.email, email
    person.save()
    return former


@pytest.mark.usefixtures("asked_once_for_a_link")
def test_nobody_logs_in_with_an_address_he_has_left(cast, client):
    former = move(cast.officer, "moved@city.example")

    refused = client.post("/login/", {"login": former, "password": PASSWORD})
    let_in = client.post("/login/", {"login": "moved@city.example", "password": PASSWORD})

    assert (refused.status_code, let_in.status_code) == (200, 302)


@pytest.mark.usefixtures("asked_once_for_a_link")
def test_who_has_the_mailbox_now_gets_no_link_to_the_former_owners_password(cast, client):
    former = move(cast.officer, "moved@city.example")

    client.post(reverse("account_reset_password"), {"email": former})

    assert [m for m in mail.outbox if "/password/reset/key/" in m.body] == []


@pytest.mark.usefixtures("asked_once_for_a_link")
def test_an_address_that_passes_to_another_person_is_his_alone(cast):
    former = move(cast.officer, "moved@city.example")
    EmailAddress.objects.create(user=cast.officer, email=former)

    move(cast.colleague, former)

    assert not EmailAddress.objects.filter(email=former).exists()


def test_nobody_gives_himself_another_address(cast, client):
    client.force_login(cast.officer)

    added = client.post("/email/", {"email": "mine@elsewhere.example", "action_add": ""})

    assert added.status_code == 405
    assert not EmailAddress.objects.exists()
    cast.officer.refresh_from_db()
    assert cast.officer.email.endswith("@city.example")


def test_the_log_in_leads_to_no_other_host(cast, client):
    data = {"login": cast.officer.email, "password": PASSWORD, "next": "//elsewhere.example/"}

    answer = client.post("/login/?next=https://elsewhere.example/", data)

    assert answer["Location"] == "/desk/"


def test_who_leaves_is_out_at_once(cast, client):
    client.force_login(cast.officer)
    assert client.get("/desk/").status_code == 200

    User.objects.filter(pk=cast.officer.pk).update(is_active=False)

    assert client.get("/desk/")["Location"] == "/login/?next=/desk/"


def test_the_admins_own_log_in_is_the_portals_and_says_no_to_an_officer(cast, client):
    anonymous = client.get("/admin/login/")
    client.force_login(cast.officer)
    officer = client.get("/admin/", follow=True)

    assert anonymous["Location"] == "/login/?next=/admin/login/"
    assert officer.status_code == 403


@pytest.mark.parametrize("address", ["staff_user_changelist", "staff_user_export"])
def test_who_reads_the_list_of_people_cannot_ask_for_their_passwords(cast, client, address):
    client.force_login(cast.auditor)

    asked = client.get(reverse(f"admin:{address}"), {"password__startswith": "m"})

    assert asked.status_code == 400


def test_the_admin_holds_no_pages_that_the_table_of_roles_cannot_grant(cast, client):
    client.force_login(cast.administrator)

    strange = [client.get(f"/admin/{page}/") for page in ("auth/group", "account/emailaddress")]

    assert [page.status_code for page in strange] == [404, 404]


def test_nobody_of_the_demonstration_is_let_into_production(cast, client, settings):
    move(cast.officer, f"tanto@{demonstration.DOMAIN}")
    data = {"login": f"Tanto@{demonstration.DOMAIN}", "password": PASSWORD}
    settings.DEMONSTRATION = False

    in_production = client.post("/login/", data)
    settings.DEMONSTRATION = True
    in_the_demonstration = client.post("/login/", data)

    assert (in_production.status_code, in_the_demonstration.status_code) == (200, 302)


@pytest.mark.parametrize("known", [True, False])
def test_a_mail_server_that_is_down_is_said_and_tells_no_address_apart(
    cast, client, settings, caplog, known
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    address = cast.officer.email if known else "unknown@city.example"

    answer = client.post(reverse("account_reset_password"), {"email": address})

    assert answer.status_code == 503
    assert "メールを送れませんでした" in answer.content.decode()
    assert address not in caplog.text
