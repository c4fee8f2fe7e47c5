"""Settings of the platform, read from the environment.

Every variable is listed in ``KNOWN_VARIABLES``; a variable of our prefix that is not in the
list is an error that names it, so that a misspelt setting never passes in silence.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "STATEDATA_"
KNOWN_VARIABLES = frozenset(
    PREFIX + name
    for name in (
        "DATABASE_URL",
        "SECRET_KEY",
        "CATALOGUE",
        "REDIS_URL",
        "DEMO",
        "INSTANCE",
        "TRUSTED_HOSTS",
        "PROXIES",
        "IDLE_MINUTES",
        "PUBLIC_URL",
        "NOTICE_URLS",
        "WECOM_CORPORATION",
        "WECOM_SECRET",
        "WECOM_AGENT",
        "WECOM_ADDRESS",
        "DINGTALK_KEY",
        "DINGTALK_SECRET",
        "DINGTALK_AGENT",
        "DINGTALK_ADDRESS",
    )
)
# What a channel outside needs, all of it or nothing.
CHANNELS = {
    "wecom": ("WECOM_CORPORATION", "WECOM_SECRET", "WECOM_AGENT"),
    "dingtalk": ("DINGTALK_KEY", "DINGTALK_SECRET", "DINGTALK_AGENT"),
    "group": ("NOTICE_URLS",),
}
ADDRESSES = ("PUBLIC_URL", "WECOM_ADDRESS", "DINGTALK_ADDRESS")
SHORTEST_SECRET_KEY = 32
EMBEDDED_DATABASE = "statedata.db"
LARGEST_REQUEST = 32 * 1024 * 1024
MOST_PROXIES = 5
# Whoever leaves his desk longer than this has to sign in again; a day's work is one session.
USUAL_IDLE_MINUTES = 120
LONGEST_SESSION = timedelta(hours=12)
TOKEN_LIFETIME = timedelta(minutes=15)


class ConfigurationError(Exception):
    """The environment asks for something the platform refuses to start with."""


def read_settings(
    environment: Mapping[str, str], root: Path, home: Path, *, needs_secret_key: bool = True
) -> dict[str, Any]:
    """Flask configuration for ``environment``.

    ``root`` is the folder that holds ``seed`` and is only read, ``home`` the one in which
    ``instance/`` is made; ``needs_secret_key`` is False for commands, which never sign a session.
    Raises ConfigurationError for unknown variables and unsafe values.
    """
    _refuse_unknown(environment)
    demo = _flag(environment, "DEMO")
    host = environment.get("HOST", "127.0.0.1")
    if demo and not is_loopback(host):
        raise ConfigurationError(
            f"演示模式（STATEDATA_DEMO=1）只能在本机地址上监听，现在 HOST 是 {host!r}："
            "演示账号的密码是公开的"
        )
    instance = Path(environment.get(PREFIX + "INSTANCE") or home / "instance").resolve()
    url = environment.get(PREFIX + "DATABASE_URL") or embedded_url(instance)
    settings: dict[str, Any] = {
        "STATEDATA_ROOT": root,
        "STATEDATA_INSTANCE": instance,
        "STATEDATA_CATALOGUE": Path(
            environment.get(PREFIX + "CATALOGUE") or root / "seed" / "catalogue"
        ).resolve(),
        "STATEDATA_REDIS_URL": environment.get(PREFIX + "REDIS_URL") or None,
        "STATEDATA_DEMO": demo,
        "SECRET_KEY": _secret_key(environment, instance, demo=demo, needed=needs_secret_key),
        "SQLALCHEMY_DATABASE_URI": url,
        "TRUSTED_HOSTS": _trusted_hosts(environment, demo=demo),
        "STATEDATA_CHANNELS": _channels(environment),
        "STATEDATA_PROXIES": _number(environment, "PROXIES", 0, 0, MOST_PROXIES),
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_PARTS": 5000,
    }
    return settings | _session_settings(environment) | _framework_settings(root)


def embedded_url(instance: Path) -> str:
    """The address of the database that the platform keeps in its own folder ``instance``."""
    return f"sqlite:///{instance / EMBEDDED_DATABASE}"


def is_loopback(host: str) -> bool:
    """Whether ``host`` (a name or an address) can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    unknown = sorted(
        name for name in environment if name.startswith(PREFIX) and name not in KNOWN_VARIABLES
    )
    if unknown:
        raise ConfigurationError(
            f"不认识环境变量 {', '.join(unknown)}，请检查拼写；"
            f"可用的有 {', '.join(sorted(KNOWN_VARIABLES))}"
        )


def _flag(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(PREFIX + name, "0").strip().lower()
    if text not in ("0", "1", ""):
        raise ConfigurationError(f"{PREFIX}{name} 只能是 0 或 1，现在是 {text!r}")
    return text == "1"


def _number(
    environment: Mapping[str, str], name: str, usual: int, smallest: int, largest: int
) -> int:
    text = environment.get(PREFIX + name, "").strip() or str(usual)
    if not (text.isascii() and text.isdigit() and smallest <= int(text) <= largest):
        raise ConfigurationError(
            f"{PREFIX}{name} 只能是 {smallest} 到 {largest} 之间的整数，现在是 {text!r}"
        )
    return int(text)


def _secret_key(environment: Mapping[str, str], instance: Path, *, demo: bool, needed: bool) -> str:
    """The session key: given, or made once beside a demo database; never a well-known one."""
    given = environment.get(PREFIX + "SECRET_KEY", "")
    if given:
        if len(given) < SHORTEST_SECRET_KEY or len(set(given)) < 10:
            raise ConfigurationError(
                f"STATEDATA_SECRET_KEY 太短或太简单，须为 {SHORTEST_SECRET_KEY} 个以上的随机字符"
            )
        return given
    if demo:
        return _key_made_once(instance / "secret_key")
    if needed:
        raise ConfigurationError(
            f"没有设置 STATEDATA_SECRET_KEY，请设为 {SHORTEST_SECRET_KEY} 个以上的随机字符"
            "（只有演示模式会自动生成）"
        )
    return secrets.token_hex(32)


def _key_made_once(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: two first starts at once must end with one key, not with two.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def _trusted_hosts(environment: Mapping[str, str], *, demo: bool) -> list[str] | None:
    """Names a request may call us by; None accepts any well-formed name.

    Outside the demo a reverse proxy decides the public name, so it has to be set to be checked.
    No answer contains an address made from the Host header, with or without this list.
    """
    given = environment.get(PREFIX + "TRUSTED_HOSTS", "")
    names = [name.strip() for name in given.split(",") if name.strip()]
    if names:
        return names
    return ["localhost", "127.0.0.1"] if demo else None


def _channels(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The channels outside that are set up in full; secrets and links go over TLS only."""
    for name in ADDRESSES:
        _refuse_unsafe_address(name, environment.get(PREFIX + name, ""))
    found = []
    for channel, names in CHANNELS.items():
        variables = [PREFIX + name for name in names]
        missing = [name for name in variables if not environment.get(name, "").strip()]
        if missing and len(missing) < len(names):
            raise ConfigurationError(f"外发通知的设置不全，还缺 {', '.join(missing)}")
        if not missing:
            found.append(channel)
    if found and not environment.get(PREFIX + "PUBLIC_URL"):
        raise ConfigurationError(
            "外发通知带有回到平台的链接，请用 STATEDATA_PUBLIC_URL 写明平台的网址"
        )
    return tuple(found)


def _refuse_unsafe_address(name: str, address: str) -> None:
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and is_loopback(parts.hostname or "")
    )
    if address and not (is_safe and parts.hostname):
        raise ConfigurationError(
            f"{PREFIX}{name} 须是以 https:// 开头的网址（本机地址可用 http://），现在是 {address!r}"
        )


def _session_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    longest = LONGEST_SESSION // timedelta(minutes=1)
    idle = _number(environment, "IDLE_MINUTES", USUAL_IDLE_MINUTES, 5, longest)
    return {
        "SESSION_IDLE": timedelta(minutes=idle),
        "SESSION_LIFETIME": LONGEST_SESSION,
        "JWT_ACCESS_TOKEN_EXPIRES": TOKEN_LIFETIME,
        "SESSION_COOKIE_NAME": "statedata_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_CHECK_DEFAULT": False,  # app.web.guard checks, after it knows who is asking
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a grid stays open for a morning
    }


def _framework_settings(root: Path) -> dict[str, Any]:
    return {
        "APP_NAME": "人才培养工作状态数据采集与管理平台",
        "SHORT_NAME": "状态数据平台",
        "AUTH_TYPE": 1,
        "AUTH_USERNAME_CI": False,
        "AUTH_USER_REGISTRATION": False,
        "AUTH_ROLE_ADMIN": "administrator",
        "AUTH_ROLE_PUBLIC": "public",
        "FAB_UPDATE_PERMS": False,
        "FAB_CREATE_DB": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_MENU_API": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_BASE_TEMPLATE": "base.html",
        "JWT_TOKEN_LOCATION": ["headers"],
        "LANGUAGES": {"zh": {"flag": "cn", "name": "中文"}},
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "UTC",  # stored times are local and naive: never shift them
        "BABEL_TRANSLATION_DIRECTORIES": str(root / "translations"),
    }
