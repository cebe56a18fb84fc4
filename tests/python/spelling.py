"""Spelling of what people read: pages, descriptions, comments and docstrings.

A word counts as right if the dictionary of pyspellchecker has it, if words.txt beside this file
has it, or if it is a name: whatever stands in backticks or quotes, in capitals, or with a digit, a
dot, a slash or an underscore. Prints file, line, word and what may be meant; the exit code is 1
where it found something. Files may be named; else it reads every file that git knows.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from spellchecker import SpellChecker

ROOT = Path(__file__).resolve().parents[2]
WORDS = Path(__file__).with_name("words.txt")
# Names of people and shops, and words in other languages.
UNREAD = ("seeds/", "LICENSE", "requirements", "tests/python/words.txt")
# What is no prose: code, links, tags, paths, addresses, names in quotes or with marks in them.
CODE = re.compile(
    r"`[^`]*`|\]\([^)]*\)|<[^>\s][^>]*>|\{\{.*?\}\}|https?://\S+|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)"
    r"|[\w.@~$*:-]*[\d_@/\\=#$<>|*][\w.@/\\=:$*-]*|\w+\(|--?\w[\w-]*|\w+\.\w[\w.]*"
)
WORD = re.compile(r"(?<![\w'])[A-Za-z][a-z]+(?:'[a-z]+)?(?![\w])")


def pages(text: str) -> Iterator[tuple[int, str]]:
    """Lines of a page with their numbers, blocks of code left out."""
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, line


def python(text: str) -> Iterator[tuple[int, str]]:
    """Comments and docstrings of Python with their lines."""
    before = tokenize.INDENT
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.STRING and before in {tokenize.INDENT, tokenize.NEWLINE}:
            for place, line in enumerate(token.string.strip("\"'").splitlines()):
                yield token.start[0] + place, line
        if token.type not in {tokenize.NL, tokenize.COMMENT}:
            before = token.type


def sql(text: str) -> Iterator[tuple[int, str]]:
    """Comments of SQL and of Jinja with their lines."""
    for found in re.finditer(r"\{#(.*?)#\}|--([^\n]*)", text, re.S):
        first = text.count("\n", 0, found.start()) + 1
        for place, line in enumerate((found[1] or found[2] or "").splitlines()):
            yield first + place, line


def yaml(text: str) -> Iterator[tuple[int, str]]:
    """Descriptions and comments of YAML with their lines."""
    depth = None
    for number, line in enumerate(text.splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        if depth is not None and line.strip() and indent <= depth:
            depth = None
        if depth is not None:
            yield number, line
        elif block := re.match(r"(\s*(?:- )?)description: [>|]-?$", line):
            depth = len(block[1])
        elif found := re.search(r"description: (['\"])(.*?)\1[,}\]]*(?:$|, \w)", line):
            yield number, found[2].replace("''", "'")
        elif found := re.search(r"description: ([^'\"].*)", line):
            yield number, found[1]
        if depth is None and (remark := re.search(r"(?:^|\s)# (.*)", line)):
            yield number, remark[1]


READERS = {
    ".md": pages,
    ".py": python,
    ".sql": sql,
    ".yml": yaml,
    ".yaml": yaml,
}


@cache
def dictionary() -> SpellChecker:
    """English words, and those of words.txt."""
    words = SpellChecker()
    own = [line for line in WORDS.read_text("utf-8").splitlines() if not line.startswith("#")]
    words.word_frequency.load_words(own)
    return words


@cache
def is_right(word: str) -> bool:
    """Whether a word is spelt right."""
    plain = word.lower()
    stem = plain.removesuffix("'s").removesuffix("'")
    return not dictionary().unknown([stem]) or not dictionary().unknown([plain])


def misspelt(path: Path) -> Iterator[tuple[int, str]]:
    """Words of a file that are spelt wrong, with their lines.

    Args:
        path: The file; one whose kind nobody reads has none.
    """
    reader = READERS.get(path.suffix)
    if reader is None:
        return
    for number, line in reader(path.read_text(encoding="utf-8")):
        for word in WORD.findall(CODE.sub(" ", line)):
            if not is_right(word):
                yield number, word


def known_files() -> list[str]:
    """Every file that git knows."""
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True)
    return run.stdout.splitlines()


def main() -> int:
    """Read the files that are named, or all; 0 when every word is right."""
    found = 0
    for file in sys.argv[1:] or known_files():
        if file.startswith(UNREAD) or not (ROOT / file).is_file():
            continue
        for number, word in misspelt(ROOT / file):
            found += 1
            meant = dictionary().correction(word.lower())
            hint = f", {meant}?" if meant and meant != word.lower() else ""
            print(f"{file}:{number}: {word}{hint}")
    if found:
        print(f"{found} words are not known: mend them, or add them to {WORDS.relative_to(ROOT)}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
