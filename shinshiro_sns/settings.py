"""The portal's one settings file. Every variable it reads stands in `.env.example`."""

import datetime
import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))

# --- Mode ----------------------------------------------------------------------------------

MODE = env.str("PORTAL_MODE", default="demonstration")
if MODE not in {"demonstration", "production"}:
    raise ImproperlyConfigured("PORTAL_MODE must be 'demonstration' or 'production'.")
DEMONSTRATION = MODE == "demonstration"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])

if DEMONSTRATION:
    # The database and the mails lie in it: for nobody else on the machine.
    VAR_DIR.mkdir(mode=0o700, exist_ok=True)
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
    if not SECRET_KEY:
        # Kept between starts, so that a restart logs nobody out; never used in production.
        key_file = VAR_DIR / "secret_key"
        if not key_file.exists():
            key_file.touch(mode=0o600)
            key_file.write_text(secrets.token_urlsafe(50))
        SECRET_KEY = key_file.read_text()
else:
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured(
            "Production needs SECRET_KEY: a random text of at least 50 characters."
        )
    if DEBUG:
        raise ImproperlyConfigured("Production must not run with DEBUG=true.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("Production needs ALLOWED_HOSTS: the portal's host names.")
    if not env.str("PORTAL_URL", default="").startswith("https://"):
        raise ImproperlyConfigured(
            "Production needs PORTAL_URL: the https:// address that links in mails begin with."
        )
    if not env.str("EMAIL_URL", default=""):
        raise ImproperlyConfigured(
            "Production needs EMAIL_URL: without it mails would lie in a folder that nobody reads."
        )

# --- The city ------------------------------------------------------------------------------

CITY_NAME = env.str("CITY_NAME", default="新城市")
CITY_NAME_ENGLISH = env.str("CITY_NAME_ENGLISH", default="Shinshiro City")
# 3(6), 5(2): how the city's name is spelled in kanji (without 市), kana and Latin letters: what bears
# it and is not in the register is called confusing. See decision 0026.
CITY_SPELLINGS = env.list("CITY_SPELLINGS", default=["新城", "しんしろ", "shinshiro"])
# Before which kanji the name is the city's all the same: 愛知新城, but not 武蔵新城.
CITY_PREFECTURE = env.str("CITY_PREFECTURE", default="愛知")
CITY_URL = env.str("CITY_URL", default="https://www.city.shinshiro.lg.jp/")
# Whom the public asks: in the footer of every page.
CITY_CONTACT = env.str("CITY_CONTACT", default="企画部 秘書人事課 広報広聴係")
CITY_TELEPHONE = env.str("CITY_TELEPHONE", default="0536-23-7623")
# Whether visitors of the public pages reach this portal too. Where they are files on a host outside
# and the portal is not to be reached from there, no page leads to a log-in or to a form.
VISITORS_REACH_PORTAL = env.bool("VISITORS_REACH_PORTAL", default=True)
# For those who do not telephone: on the page about accessibility. Empty where there is none.
CITY_FAX = env.str("CITY_FAX", default="0536-23-2002")
# The day by which people will have tested the pages by JIS X 8341-3:2016; said only where set.
ACCESSIBILITY_TEST_BY = env.str("ACCESSIBILITY_TEST_BY", default="")
# 全国地方公共団体コード: the first column of all open data of a Japanese public body.
CITY_CODE = env.str("CITY_CODE", default="232211")
# 3(5): addresses with which an account may be registered; the first is the preferred one.
CITY_EMAIL_DOMAINS = env.list("CITY_EMAIL_DOMAINS", default=["city.shinshiro.lg.jp"])
# 4(2)ウ: sites that are the city's own beside CITY_URL's, the portal's and those of its addresses.
CITY_WEB_DOMAINS = env.list("CITY_WEB_DOMAINS", default=["city.shinshiro.lg.jp"])
# 4(3): telephone and postal numbers and addresses that are nobody's private ones, beside
# CITY_TELEPHONE and the departments' telephones; a telephone may be the beginning of many.
CITY_OWN_CONTACTS = env.list("CITY_OWN_CONTACTS", default=["0536-23-1111", "441-1392", "東入船115"])
# 3(2): the guideline asks for a report; with True an account is official from that report on,
# with False (the default) only once the PR division has received it. See decision 0004.
OFFICIAL_BEFORE_RECEIPT = env.bool("OFFICIAL_BEFORE_RECEIPT", default=False)
# 3(3)イ asks for names; whether the public reads persons or only numbers. See decision 0005.
PUBLISH_STAFF_NAMES = env.bool("PUBLISH_STAFF_NAMES", default=False)
# 3(7): calendar months after which a password falls due. The guideline's default, though national
# advice since 2017 no longer asks for periodic changes; see decision 0010. 0 asks for none.
PASSWORD_INTERVAL_MONTHS = env.int("PASSWORD_INTERVAL_MONTHS", default=3)
# An account without a post for so many calendar months is to be revived or closed, 6(1).
IDLE_MONTHS = env.int("IDLE_MONTHS", default=6)
# 3(6): months for which a look at the link back counts.
LINK_CHECK_MONTHS = env.int("LINK_CHECK_MONTHS", default=6)
# Whether the portal looks itself: only where it may reach the internet. See decision 0012.
LINK_CHECKS = env.bool("LINK_CHECKS", default=False)
# 4(1): the city's office hours, as minutes after midnight. See decision 0017.
try:
    OFFICE_HOURS = [
        60 * clock.hour + clock.minute
        for clock in map(
            datetime.time.fromisoformat, env.str("OFFICE_HOURS", default="08:30-17:15").split("-")
        )
    ]
except ValueError:
    OFFICE_HOURS = []
if len(OFFICE_HOURS) != 2 or OFFICE_HOURS[0] >= OFFICE_HOURS[1]:
    raise ImproperlyConfigured("OFFICE_HOURS must be a time and a later one: 08:30-17:15.")
# Whether posts are held to them, however long a policy's own hours are.
POST_IN_OFFICE_HOURS_ONLY = env.bool("POST_IN_OFFICE_HOURS_ONLY", default=False)
# Whom to tell of a weakness of the portal, as addresses (RFC 9116); without any, the telephone above.
SECURITY_CONTACT = env.list("SECURITY_CONTACT", default=[])
# The last day on which that holds; after it the portal says nothing rather than something old.
SECURITY_EXPIRES = env.str(
    "SECURITY_EXPIRES",
    default=str(datetime.date.today() + datetime.timedelta(days=180)) if DEMONSTRATION else "",
)
# Associations that name the city as their member, by address: `belongto` of trust.txt.
TRUST_BELONG_TO = env.list("TRUST_BELONG_TO", default=[])
# For how many days at a time an emergency may be declared; to go on, another one is.
EMERGENCY_MAX_DAYS = env.int("EMERGENCY_MAX_DAYS", default=7)
# Hours for which an index answers whether an account is official, once nobody renews it.
CHECK_INDEX_HOURS = env.int("CHECK_INDEX_HOURS", default=24)
# The address people reach the portal at: links in mails and canonical links start with it.
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")

# --- The publication -----------------------------------------------------------------------

# The public site as files, from which the portal too answers visitors; "" leaves it to the views.
PUBLICATION_DIR = env.str("PUBLICATION_DIR", default=str(VAR_DIR / "public"))
# The keys that sign it; the demonstration makes its own. See decision 0028.
PUBLICATION_KEYS = env.str("PUBLICATION_KEYS", default=str(VAR_DIR / "publication-keys"))
# For how long a publication passes as current, and for how long that may be renewed without the portal.
PUBLICATION_EXPIRES_HOURS = env.int("PUBLICATION_EXPIRES_HOURS", default=24)
PUBLICATION_RENEWABLE_DAYS = env.int("PUBLICATION_RENEWABLE_DAYS", default=14)
# Of a hundred accounts more than so many may not vanish from one publication to the next unasked.
PUBLICATION_LARGEST_LOSS = env.int("PUBLICATION_LARGEST_LOSS", default=10)

# --- Applications --------------------------------------------------------------------------

INSTALLED_APPS = [
    "shinshiro_sns.apps.PortalConfig",
    "staff.apps.StaffConfig",
    "accounts.apps.AccountsConfig",
    "policies.apps.PoliciesConfig",
    "incidents.apps.IncidentsConfig",
    "postings.apps.PostingsConfig",
    "publication.apps.PublicationConfig",
    "shinshiro_sns.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "import_export",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shinshiro_sns.middleware.LoginUnlessPublicMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "shinshiro_sns.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "shinshiro_sns.urls"
WSGI_APPLICATION = "shinshiro_sns.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shinshiro_sns.context.portal",
            ],
            "builtins": ["shinshiro_sns.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ------------------------------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: with NORMAL a power cut may lose the last acknowledged steps.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # PostgreSQL would compile our wide queries for seconds to save milliseconds: while a table was never
    # analysed, and again once the register is large.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Before the first migration: a reason for a return is longer than 100 characters.
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True

# --- Log-in --------------------------------------------------------------------------------

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = [
    # The first one names who is logged in; the table of roles knows permissions alone.
    "allauth.account.auth_backends.AuthenticationBackend",
    "staff.authority.RoleBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "staff.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# Ours begin with the portal's name, not with the host the request came to.
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Log-in limits are counted here: shared by all processes, and kept over a restart.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# Beside those of logging in, from one place: reports of a suspected fake that are taken, and all that
# is sent there, which costs nothing more than being counted from then on.
ACCOUNT_RATE_LIMITS = {"report_fake": "10/10m/key", "report_post": "40/10m/key"}

# --- Language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

# --- Files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    # Below no address: a view hands evidence out to those who may see the account.
    "evidence": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "evidence", "file_permissions_mode": 0o600},
    },
}
# Of what is typed; files have limits of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# The largest file of evidence.
EVIDENCE_MAX_MB = env.int("EVIDENCE_MAX_MB", default=10)
# What was erased and up to when, outside the database: a restored backup erases it again.
ERASURE_LOG = env.str("ERASURE_LOG", default=str(VAR_DIR / "erasures.jsonl"))

# --- Mail ----------------------------------------------------------------------------------

# The embedded default writes into var/mail/; `smtp://user:password@host:25` sends.
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="sns-portal@city.shinshiro.example")

# --- Security ------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "shinshiro_sns.views.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
if not DEMONSTRATION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 30)
    CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
    if env.bool("BEHIND_TLS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # Log-in attempts are limited per address: without this all come from the proxy's own.
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Both ask to decide about the city's other hosts: HSTS for subdomains, and browsers' preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# On the handler: Django's own loggers have a level of their own and ask no other.
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "level": LOG_LEVEL}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
