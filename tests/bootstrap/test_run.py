"""``run.py``: a college that is only half made is never served."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import run
from app.bootstrap import create_app
from app.cli.installation import install
from tests.demo_play import INSTANCE, interrupted_start, start


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty instance folder of a demo, named in the environment as ``make run`` does."""
    monkeypatch.setenv("STATEDATA_INSTANCE", str(tmp_path))
    monkeypatch.setenv("STATEDATA_DEMO", "1")
    return tmp_path


def count(instance: Path, question: str) -> int:
    engine = create_engine(f"sqlite:///{instance / 'statedata.db'}")
    with engine.connect() as connection:
        answer = connection.scalar(text(question))
    engine.dispose()
    return int(answer or 0)


def test_faults_of_people_s_words_are_told_instead_of_a_start(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = instance / "adopted"
    folder.mkdir()
    (folder / "tables.yaml").write_text("tables: []")
    (folder / "overrides.yaml").write_text("tables: {xs: {}, kc: {}}")

    assert run.main() == 1

    told = capsys.readouterr().err.splitlines()
    assert [told[0], *(line[:18] for line in told[1:])] == [
        "无法启动：",
        "overrides.yaml: xs",
        "overrides.yaml: kc",
    ]


def test_a_first_start_that_is_interrupted_leaves_nothing_to_serve(instance: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted_start()

    assert count(instance, "SELECT count(*) FROM sqlite_master") == 0


def test_the_start_after_one_that_was_interrupted_makes_all(
    instance: Path, demo_played: Path
) -> None:
    """``tests.demo_play`` starts so; what came of it is the college that all tests copy."""
    shutil.copytree(demo_played / INSTANCE, instance, dirs_exist_ok=True)

    assert count(instance, "SELECT count(*) FROM sd_person") > 20
    assert [path.name for path in instance.iterdir() if path.is_dir()] == []
    before = (instance / "statedata.db").stat().st_ino
    start()
    assert (instance / "statedata.db").stat().st_ino == before


def test_a_college_left_half_made_is_refused_in_words(
    instance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    application = create_app()
    with application.app_context():
        platform = run.Platform(application)
        install(platform, demo=False, say=print)
        platform.session.execute(
            text("INSERT INTO sd_setting (name, value) VALUES ('demo_college', 'begun')")
        )
        platform.session.commit()
        run.close(platform)

    assert run.main() == 1
    assert "statedata.db" in capsys.readouterr().err
