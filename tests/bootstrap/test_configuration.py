"""The environment: what it may say and what the platform refuses to start with."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.bootstrap import create_app
from config import ConfigurationError, is_loopback, read_settings

KEY = "0123456789abcdefghijklmnopqrstuv"


def settings(home: Path, **environment: str) -> dict[str, object]:
    return read_settings(environment, Path("root"), home)


def test_the_defaults_lie_in_the_instance_folder(tmp_path: Path) -> None:
    read = settings(tmp_path, STATEDATA_SECRET_KEY=KEY)

    assert read["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/instance/statedata.db"
    assert read["STATEDATA_DEMO"] is False
    assert str(read["STATEDATA_CATALOGUE"]).endswith("root/seed/catalogue")


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="STATEDATA_DATABSE_URL"):
        settings(tmp_path, STATEDATA_SECRET_KEY=KEY, STATEDATA_DATABSE_URL="sqlite://")


def test_variables_of_other_programs_are_none_of_our_business(tmp_path: Path) -> None:
    assert settings(tmp_path, STATEDATA_SECRET_KEY=KEY, PATH="/bin", DATA="x")


@pytest.mark.parametrize("key", ["", "short", "a" * 64, "changeme" * 8])
def test_a_missing_or_weak_key_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigurationError, match="STATEDATA_SECRET_KEY"):
        settings(tmp_path, STATEDATA_SECRET_KEY=key)


def test_the_demo_makes_its_key_once(tmp_path: Path) -> None:
    first = settings(tmp_path, STATEDATA_DEMO="1")["SECRET_KEY"]
    second = settings(tmp_path, STATEDATA_DEMO="1")["SECRET_KEY"]

    assert first == second
    assert len(str(first)) == 64
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("host", ["::", "10.1.2.3", "data.college.example", "localhost.example"])
def test_the_demo_is_offered_to_this_machine_only(tmp_path: Path, host: str) -> None:
    with pytest.raises(ConfigurationError, match="HOST"):
        settings(tmp_path, STATEDATA_DEMO="1", HOST=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_addresses_of_this_machine_are_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("text", ["yes", "true", "2"])
def test_a_flag_is_zero_or_one(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match="STATEDATA_DEMO"):
        settings(tmp_path, STATEDATA_DEMO=text)


def test_the_demo_trusts_the_names_of_this_machine_only(tmp_path: Path) -> None:
    assert settings(tmp_path, STATEDATA_DEMO="1")["TRUSTED_HOSTS"] == ["localhost", "127.0.0.1"]


def test_trusted_hosts_can_be_named(tmp_path: Path) -> None:
    read = settings(
        tmp_path, STATEDATA_SECRET_KEY=KEY, STATEDATA_TRUSTED_HOSTS="a.example, b.example"
    )

    assert read["TRUSTED_HOSTS"] == ["a.example", "b.example"]


def test_the_application_reads_the_environment_it_is_given(tmp_path: Path) -> None:
    environment = {"STATEDATA_SECRET_KEY": KEY, "STATEDATA_INSTANCE": str(tmp_path)}

    application = create_app(environment=environment)

    assert application.config["SECRET_KEY"] == KEY
    assert application.debug is False


@pytest.mark.parametrize("name", ["PROXIES", "IDLE_MINUTES"])
@pytest.mark.parametrize("text", ["-1", "many", "1.5", "100000", "２"])
def test_a_number_that_makes_no_sense_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings(tmp_path, STATEDATA_SECRET_KEY=KEY, **{f"STATEDATA_{name}": text})


@pytest.mark.parametrize(("text", "minutes"), [("", 120), ("30", 30), ("720", 720)])
def test_idle_sessions_end_when_the_college_wants_it(
    tmp_path: Path, text: str, minutes: int
) -> None:
    read = settings(tmp_path, STATEDATA_SECRET_KEY=KEY, STATEDATA_IDLE_MINUTES=text)

    assert read["SESSION_IDLE"] == timedelta(minutes=minutes)


WECOM = {
    "STATEDATA_SECRET_KEY": KEY,
    "STATEDATA_WECOM_CORPORATION": "college",
    "STATEDATA_WECOM_SECRET": "secret",
    "STATEDATA_WECOM_AGENT": "1000002",
    "STATEDATA_PUBLIC_URL": "https://data.example",
}


def test_channels_outside_are_off_unless_they_are_set_up(tmp_path: Path) -> None:
    assert settings(tmp_path, STATEDATA_SECRET_KEY=KEY)["STATEDATA_CHANNELS"] == ()
    assert settings(tmp_path, **WECOM)["STATEDATA_CHANNELS"] == ("wecom",)


@pytest.mark.parametrize(
    "name", ["STATEDATA_WECOM_SECRET", "STATEDATA_WECOM_AGENT", "STATEDATA_PUBLIC_URL"]
)
def test_half_a_channel_is_refused_with_what_is_missing(tmp_path: Path, name: str) -> None:
    told = {key: value for key, value in WECOM.items() if key != name}

    with pytest.raises(ConfigurationError, match=name):
        settings(tmp_path, **told)


@pytest.mark.parametrize("address", ["http://10.0.0.5", "ftp://data.example", "data.example"])
@pytest.mark.parametrize("name", ["STATEDATA_PUBLIC_URL", "STATEDATA_WECOM_ADDRESS"])
def test_secrets_and_links_go_over_tls_only(tmp_path: Path, name: str, address: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        settings(tmp_path, **{**WECOM, name: address})
    assert settings(tmp_path, **{**WECOM, name: "http://127.0.0.1:9000"})
