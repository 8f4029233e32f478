"""Django's settings, made from a folder to keep state in and the class path of an authentication backend."""

from pathlib import Path
from typing import Any

LIBRARY_LOGGERS = ("onelogin", "digid_eherkenning", "django.request")


def project_settings(directory: Path, backend: str) -> dict[str, Any]:
    """The keyword arguments for `settings.configure`; all files end up below `directory`."""
    return {
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "AUTHENTICATION_BACKENDS": [backend],
        "AUTH_USER_MODEL": "django_sp.User",
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": directory / "django.sqlite3"}},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "INSTALLED_APPS": [
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "digid_eherkenning",
            "privates",
            "sessionprofile",
            "simple_certmanager",
            "solo",
            "django_sp",
        ],
        "LANGUAGE_CODE": "en",
        "LOGGING": _logging(directory / "django.log"),
        "LOGIN_REDIRECT_URL": "/whoami",
        "LOGIN_URL": "/whoami",
        "MIDDLEWARE": [
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "sessionprofile.middleware.SessionProfileMiddleware",
        ],
        "PRIVATE_MEDIA_ROOT": directory / "private",
        "PRIVATE_MEDIA_URL": "/private/",
        "ROOT_URLCONF": "django_sp.urls",
        "SECRET_KEY": "for tests on loopback",
        # cookies ignore ports, and other parties listen on the same host name
        "SESSION_COOKIE_NAME": "django_sp_session",
        "STATIC_URL": "/static/",
        "TEMPLATES": [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        "USE_TZ": True,
    }


def _logging(file: Path) -> dict[str, Any]:
    """The library logs every message it sends and receives at level DEBUG: the first place to look."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"file": {"class": "logging.FileHandler", "filename": file, "delay": True}},
        "loggers": {name: {"handlers": ["file"], "level": "DEBUG"} for name in LIBRARY_LOGGERS},
    }
