"""The settings file, read into frozen values; the keys are described in the docstring of the package."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator

from sp_demo.names import LEVELS

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class ConfigError(Exception):
    """The application cannot start with these settings; the message is one line: file, place, reason."""


def _in_folder(path: Path, info: ValidationInfo) -> Path:
    folder: Path = info.context["folder"] if info.context else Path()
    return folder / path


def _is_origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query or parts.fragment:
        raise ValueError("expected http(s)://host[:port] without a path")
    return url


def _is_level(level: str) -> str:
    if level not in LEVELS.values():
        raise ValueError(f"expected one of {', '.join(LEVELS.values())}")
    return level


FileName = Annotated[Path, AfterValidator(_in_folder)]
Origin = Annotated[str, AfterValidator(_is_origin)]
Level = Annotated[str, AfterValidator(_is_level)]
PortalKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Frozen):
    """One meaning in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: Language) -> str:
        """The text in `language`."""
        return self.en if language == "en" else self.nl


class Service(_Frozen):
    """A service (dienst) that a portal offers; `level` is the lowest that it accepts."""

    index: int = Field(ge=0, le=65535)
    service_id: str = Field(pattern=r"^urn:etoegang:DV:[0-9]{20}:services:[0-9]{1,9}$")
    name: Text
    level: Level


class Portal(_Frozen):
    """One service provider (dienstverlener) with an EntityID and keys of its own."""

    key: PortalKey
    entity_id: str = Field(min_length=1)
    name: Text
    caption: Text | None = None
    signing_key_file: FileName
    signing_certificate_file: FileName
    encryption_key_file: FileName
    encryption_certificate_file: FileName
    tls_key_file: FileName | None = None
    tls_certificate_file: FileName | None = None
    services: tuple[Service, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _services_differ(self) -> Self:
        if len({service.index for service in self.services}) != len(self.services):
            raise ValueError(f"portal {self.key}: two services have the same index")
        return self

    @model_validator(mode="after")
    def _tls_files_go_together(self) -> Self:
        if (self.tls_key_file is None) != (self.tls_certificate_file is None):
            raise ValueError(f"portal {self.key}: tls_key_file and tls_certificate_file go together")
        return self

    def service(self, index: int) -> Service | None:
        """The service with this index, or None."""
        return next((service for service in self.services if service.index == index), None)


class Settings(_Frozen):
    """Everything that the application is told at its start."""

    base_url: Origin
    secret_key_file: FileName
    state_file: FileName
    broker_metadata_file: FileName
    broker_ca_file: FileName | None = None
    default_language: Language = "nl"
    soap_content_type: Literal["text/xml", "application/soap+xml"] = "text/xml"
    portals: tuple[Portal, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _portals_differ(self) -> Self:
        for name in ("key", "entity_id"):
            if len({getattr(portal, name) for portal in self.portals}) != len(self.portals):
                raise ValueError(f"two portals have the same {name}")
        return self

    def portal(self, key: str) -> Portal | None:
        """The portal with this key, or None."""
        return next((portal for portal in self.portals if portal.key == key), None)

    @property
    def uses_tls(self) -> bool:
        """Whether browsers come here over https, so that cookies can be kept to it."""
        return self.base_url.startswith("https:")

    def acs_url(self, portal: Portal) -> str:
        """Address of the assertion consumer service of `portal`."""
        return f"{self.base_url}/acs/{portal.key}"


def read_settings(path: Path) -> Settings:
    """Read and check the settings file at `path`; raises `ConfigError`."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return Settings.model_validate(raw, context={"folder": path.parent})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "settings"
        raise ConfigError(f"{path}: {place}: {first['msg']}") from error
