"""Make assets/catalogue/standard_characters.txt from Unihan's kTGH (Debian's unicode-data, Unicode 15.0.0).

    python -m tests.samples.make_standard_characters Unihan_OtherMappings.txt

kTGH is `2013:n`, n the character's number in 通用规范汉字表 (国发〔2013〕23号):
up to 3500 level 1, up to 6500 level 2, up to 8105 level 3.
"""

import sys
from pathlib import Path

import assets

LEVELS = (3500, 6500, 8105)
PER_LINE = 50


def numbered(unihan: str) -> dict[int, str]:
    """Number in the table → character."""
    found = {}
    for line in unihan.splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "kTGH":
            found[int(fields[2].removeprefix("2013:"))] = chr(int(fields[0].removeprefix("U+"), 16))
    return found


def main(source: Path) -> None:
    table = numbered(source.read_text("utf-8"))
    if sorted(table) != list(range(1, LEVELS[-1] + 1)) or len(set(table.values())) != LEVELS[-1]:
        raise SystemExit(f"expected the numbers 1 to {LEVELS[-1]}, once each; found {len(table)}")
    lines = []
    first = 1
    for level, last in enumerate(LEVELS, 1):
        lines.append(f"# {level}")
        row = [table[n] for n in range(first, last + 1)]
        lines += ["".join(row[i : i + PER_LINE]) for i in range(0, len(row), PER_LINE)]
        first = last + 1
    target = assets.ROOT / "catalogue" / "standard_characters.txt"
    target.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
