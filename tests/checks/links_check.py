"""Links between the documents lead to files and headings that exist."""

import re
import sys
from pathlib import PurePosixPath

from tracked import report, text_of, tracked_files

LINK = re.compile(r"\]\(([^()\s]+)\)")
CODE = re.compile(r"^    .*$|`[^`\n]*`", re.MULTILINE)


def anchor_of(heading):
    """How the usual forges make an anchor of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors_of(text):
    return {anchor_of(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}


def resolved(folder, target):
    """A relative path from `folder`, without its dots."""
    parts = []
    for part in (PurePosixPath(folder) / target).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def link_faults(path, texts, files):
    """Faults of one document; `texts` has all documents, `files` all tracked files and folders."""
    for target in LINK.findall(CODE.sub("", texts[path])):
        if re.match(r"\w+:", target):
            continue
        name, _, anchor = target.partition("#")
        where = resolved(PurePosixPath(path).parent, name) if name else path
        if where not in files:
            yield f"{path}: no file: {target}"
        elif anchor and where in texts and anchor not in anchors_of(texts[where]):
            yield f"{path}: no heading: {target}"


def main():
    files = {str(path) for path in tracked_files()}
    folders = {str(parent) for path in files for parent in PurePosixPath(path).parents}
    texts = {path: text_of(path) for path in files if path.endswith(".md")}
    findings = [fault for path in sorted(texts) for fault in link_faults(path, texts, files | folders)]
    return report(findings)


if __name__ == "__main__":
    sys.exit(main())
