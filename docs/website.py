"""Put all there is to read into one folder, target/site: make docs.

The pages of this repository become HTML, with their links; beside them stand dbt's documentation
and the lineage of columns, made from what ``dbt docs generate --static`` wrote into target/, and
the boards where ``make dashboard`` has written them. Every page forbids its browser to ask any
host, and the script ends with an error where a link leads nowhere or a page would load something
from elsewhere. Run it from the root of the project.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from tables import dbml
from writing import ROOT

# A page may load what stands in it or beside it. dbt's page and that of dbt-colibri bring trackers.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'self\' file: data: blob:'
    " 'unsafe-inline' 'unsafe-eval'; form-action 'none'\">"
)
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 0 1rem; }
nav { border-bottom: 1px solid #8886; padding: .7rem 0; }
nav a { margin-right: 1.2rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top; }
pre { background: #8882; overflow-x: auto; padding: .8rem; }
code { font-size: .9em; }
img { height: auto; max-width: 100%; }
figcaption { font-size: .85em; }
"""
PICTURES = {".png", ".svg"}
# What HTML loads by itself: a link of a reader's own is none of it.
LOADED = re.compile(
    r"""<(?:script|img|iframe|link|source|video|audio|embed|object)\b[^>]*?\s
        (?:src|href|data)\s*=\s*["']?((?:https?:)?//[^\s"'>]+)
        |(?:@import\s+|url\()\s*["']?((?:https?:)?//[^\s"')]+)""",
    re.IGNORECASE | re.VERBOSE,
)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Part:
    """What stands beside the pages: where in the site, and what the start page says of it."""

    path: str
    name: str
    told: str


TABLES = Part("dbt/index.html", "Models", "every model with columns, SQL, tests and neighbours")
LINEAGE = Part("lineage/index.html", "Lineage", "which column comes from which columns")
BOARDS = Part("boards/index.html", "Boards", "the boards as make dashboard wrote them last")


class BrokenSiteError(Exception):
    """A link that leads nowhere, or a page that would ask a host."""


def pages() -> list[Path]:
    """The pages of the repository: the first one, then in the order in which the index has them."""
    index = ROOT / "docs" / "README.md"
    linked = re.findall(r"\]\(([^)#\s]+\.md)\)", index.read_text("utf-8"))
    found = [ROOT / "README.md", index, *((index.parent / link).resolve() for link in linked)]
    found += [ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
    found += [*sorted((ROOT / "examples").glob("*/*.md")), *sorted(ROOT.glob("benchmarks/*.md"))]
    return list(dict.fromkeys(found))


def place(file: Path) -> Path:
    """Where in the site a file of the repository stands: a picture as it is, all else as HTML."""
    path = file.relative_to(ROOT)
    if path.suffix in PICTURES:
        return path
    return path.with_suffix(".html") if path.suffix == ".md" else Path(f"{path}.html")


def anchor(heading: str) -> str:
    """What a link to a heading ends in, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def title(page: Path) -> str:
    """The first heading of a page."""
    found = re.search(r"^# (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return found[1] if found else page.stem


def document(name: str, body: str, depth: int, parts: Iterable[Part]) -> str:
    """A whole page of HTML.

    Args:
        name: What the window is called.
        body: What it shows below the links that all pages have.
        depth: How many folders below the start page it stands.
        parts: What stands beside the pages.
    """
    up = "../" * depth
    links = [f'<a href="{up}index.html">Start</a>']
    links += [f'<a href="{up}{part.path}">{part.name}</a>' for part in parts]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>{POLICY}<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(name)}</title>\n<style>{STYLE}</style></head>\n"
        f"<body><nav>{' '.join(links)}</nav>\n{body}\n</body></html>\n"
    )


def inner(tokens: Iterable[Token]) -> Iterable[Token]:
    """All tokens, with those inside of a line."""
    for token in tokens:
        yield token
        yield from inner(token.children or [])


def rendered(page: Path) -> tuple[str, set[Path]]:
    """A page as HTML, and the files of the repository that it links."""
    tokens = MARKDOWN.parse(page.read_text("utf-8"))
    used: set[str] = set()
    linked: set[Path] = set()
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            name = free = anchor(tokens[number + 1].content)
            for further in range(1, len(used) + 1):
                if free in used:
                    free = f"{name}-{further}"
            used.add(free)
            token.attrSet("id", free)
    for token in inner(tokens):
        attribute = {"link_open": "href", "image": "src"}.get(token.type)
        link = str(token.attrGet(attribute)) if attribute else "#"
        path, mark, end = link.partition("#")
        if not path or re.match(r"[a-z]+:", link):
            continue
        file = (page.parent / path).resolve()
        if not file.is_file() or not file.is_relative_to(ROOT):
            raise BrokenSiteError(f"{page.relative_to(ROOT)} links {link}, which is no file here.")
        linked.add(file)
        target = path.removesuffix(Path(path).name) + place(file).name
        token.attrSet(attribute, target + mark + end)
    text = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    diagram = r'<pre>(<code class="language-mermaid">.*?</code>)</pre>'
    told = "A diagram as text, in the language Mermaid."
    figure = rf"<figure><figcaption>{told}</figcaption><pre>\1</pre></figure>"
    return re.sub(diagram, figure, text, flags=re.DOTALL), linked


def write_pages(site: Path, parts: list[Part]) -> None:
    """Write the pages, the files that they link, and the start page, which lists them."""
    found = pages()
    written = set(found)
    bodies = {page: rendered(page) for page in found}
    for file in sorted(set().union(*(linked for _, linked in bodies.values())) - written):
        text = "" if file.suffix in PICTURES else html.escape(file.read_text("utf-8"))
        bodies[file] = (f"<h1>{file.relative_to(ROOT)}</h1>\n<pre>{text}</pre>", set())
    for file, (body, _) in bodies.items():
        target = site / place(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix in PICTURES:
            shutil.copy(file, target)
            continue
        name = title(file) if file in written else file.name
        depth = len(place(file).parts) - 1
        target.write_text(document(name, body, depth, parts), encoding="utf-8")
    lines = ["<h1>crm_segmentation</h1>", "<h2>To look at</h2>", "<ul>"]
    lines += [f'<li><a href="{part.path}">{part.name}</a>: {part.told}</li>' for part in parts]
    lines += ["</ul>", "<h2>To read</h2>", "<ul>"]
    for page in found:
        name, path = html.escape(title(page)), page.relative_to(ROOT)
        lines.append(f'<li><a href="{place(page)}">{name}</a> (<code>{path}</code>)</li>')
    text = document("crm_segmentation", "\n".join([*lines, "</ul>"]), 0, parts)
    (site / "index.html").write_text(text, encoding="utf-8")


def take_in(source: Path, target: Path) -> None:
    """Copy a page that another tool wrote, and forbid it to ask any host.

    dbt writes into its page where the project stands on this machine; no reader needs to know.
    """
    text = source.read_text("utf-8").replace(str(ROOT), ".")
    guarded, count = re.subn(r"<head\b[^>]*>", lambda head: head[0] + POLICY, text, count=1)
    if not count:
        raise BrokenSiteError(f"{source} has no head.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(guarded, encoding="utf-8")


def write_lineage(target: Path, into: Path) -> None:
    """Have dbt-colibri draw the lineage of columns, from the manifest and catalogue of dbt."""
    colibri = Path(sys.executable).with_name("colibri")
    command = [str(colibri), "generate", "--light", "--disable-telemetry"]
    command += ["--manifest", str(target / "manifest.json"), "--output-dir", str(into)]
    command += ["--catalog", str(target / "catalog.json")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode or "error" in (done.stdout + done.stderr).lower():
        raise BrokenSiteError(f"dbt-colibri failed:\n{done.stdout}{done.stderr}")


def check(site: Path) -> None:
    """Look at every page of the site.

    Raises:
        BrokenSiteError: A link leads nowhere, a page may ask a host, or one of ours would.
    """
    wrong = []
    texts = {page: page.read_text("utf-8") for page in site.rglob("*.html")}
    ours = {p: text for p, text in texts.items() if text.startswith("<!doctype html>\n")}
    for page, text in texts.items():
        name = page.relative_to(site)
        if not re.search(r"<head\b[^>]*>" + re.escape(POLICY), text):
            wrong.append(f"{name} may ask any host.")
        if str(ROOT) in text:
            wrong.append(f"{name} names the folder of this machine.")
    for page, text in ours.items():
        name = page.relative_to(site)
        wrong += [f"{name} would load {a or b}." for a, b in LOADED.findall(text)]
        for link in re.findall(r'<(?:a|img)\b[^>]*? (?:href|src)="([^"]+)"', text):
            path, _, end = html.unescape(link).partition("#")
            if re.match(r"[a-z]+:", path):
                continue
            goal = (page.parent / path).resolve() if path else page
            ids = re.findall(r'<h\d id="([^"]*)"', ours.get(goal, ""))
            if not goal.exists() or (end and end not in ids):
                wrong.append(f"{name} links {link}, which is not there.")
    if wrong:
        raise BrokenSiteError("\n".join(wrong))


def main() -> int:
    """Write the folder; 0 when every link in it leads somewhere and nothing leaves it."""
    parser = argparse.ArgumentParser(description="Write the documentation as one folder.")
    parser.add_argument("--target", type=Path, default=ROOT / "target", help="dbt's own folder")
    target = parser.parse_args().target.resolve()
    site, boards = target / "site", target / "dashboard"
    shutil.rmtree(site, ignore_errors=True)
    parts = [TABLES, LINEAGE]
    try:
        take_in(target / "static_index.html", site / TABLES.path)
        manifest = json.loads((target / "manifest.json").read_text("utf-8"))
        (site / "tables.dbml").write_text(dbml(manifest), encoding="utf-8")
        write_lineage(target, target / "lineage")
        take_in(target / "lineage" / "index.html", site / LINEAGE.path)
        if (boards / "index.html").exists():
            parts.append(BOARDS)
            for page in boards.glob("*.html"):
                take_in(page, site / "boards" / page.name)
        write_pages(site, parts)
        check(site)
    except BrokenSiteError as error:
        sys.exit(str(error))
    print(f"Open {os.path.relpath(site / 'index.html')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
