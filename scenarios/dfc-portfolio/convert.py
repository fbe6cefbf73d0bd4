"""Make the round of the study from the source file: `python scenarios/dfc-portfolio/convert.py`.

Reads source/dfc_active_projects_2025-08.csv and ../countries.csv, writes round/*.csv. Nothing is
added to what the two files say; README.md gives the reason of every rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source" / "dfc_active_projects_2025-08.csv"
COUNTRIES = HERE.parent / "countries.csv"
ROUND = HERE / "round"

FIRST_YEAR = 2020
REDACTED = "Redacted"
TOOL_OF_TYPE = {
    "DI": "dfc.direct_loan",
    "TPL IG": "dfc.guaranty",
    "Equity": "dfc.equity",
    "TA": "dfc.technical_assistance",
}
# Only this department names a tool; every one of its rows lacks a type or has it redacted.
TOOL_OF_DEPARTMENT = {"Insurance": "dfc.insurance"}
REGIONAL = frozenset(
    {
        "Africa Regional",
        "Asia Regional",
        "Europe Regional",
        "Latin America Regional",
        "Middle East Regional",
        "Worldwide",
    }
)
OTHER_NAMES = {
    "Bosnia And Herzegovina": "BIH",
    "Cote D'Ivoire": "CIV",
    "Democratic Republic Of Congo": "COD",
    "Turkey": "TUR",
    "West Bank And Gaza": "PSE",
}
INCOME_STEP = {"LIC": 1, "LMC": 2, "UMC": 3, "HIC": 4}
SERVICES = frozenset(
    {
        "Agriculture, Forestry, Fishing and Hunting",
        "Construction",
        "Educational Services",
        "Health Care and Social Assistance",
        "Information",
        "Transportation and Warehousing",
        "Utilities",
    }
)
# The sectors of 22 U.S.C. 9612(f): energy, critical minerals, communications technology.
PRIORITY = frozenset({"Information", "Mining, Quarrying, and Oil and Gas Extraction", "Utilities"})
UNITS = {
    "development.host_income": "of 4 income steps, 1 the lowest",
    "development.services": "(1 on the list of services, 0 not)",
    "prudence.ticket": "million USD",
    "prudence.country_share": "share of all active commitments",
    "prudence.sector_share": "share of all active commitments",
    "prudence.disclosure": "(1 linked, 0 not)",
    "strategy.priority_sector": "(1 on the list of priorities, 0 not)",
    "strategy.recency": "fiscal year",
}
SOURCES = {
    "development.host_income": "countries.csv, income_group_fy2026",
    "development.services": "NAICS Sector",
    "prudence.ticket": "Committed, summed over the project number",
    "prudence.country_share": "Committed of the other rows of this Country",
    "prudence.sector_share": "Committed of the other rows of this NAICS Sector",
    "prudence.disclosure": "Project Profile URL",
    "strategy.priority_sector": "NAICS Sector",
    "strategy.recency": "Fiscal Year",
}
Row = Mapping[Hashable, Any]


def whole_dollars(text: str) -> int:
    """Round an amount to the nearest dollar, halves up.

    >>> whole_dollars("44.61"), whole_dollars("0.5"), whole_dollars("89540.384")
    (45, 1, 89540)
    """
    return int(Decimal(text).quantize(Decimal(1), ROUND_HALF_UP))


def build(source: Path = SOURCE, countries: Path = COUNTRIES) -> dict[str, pd.DataFrame]:
    """Return the tables of the round by name, all cells as text.

    Raises ValueError for a country that neither countries.csv nor this file names.
    """
    rows = _read(source)
    known = pd.read_csv(countries, dtype=str, keep_default_na=False).set_index("iso3")
    rows["iso3"] = _codes(rows["Country"], known["name"])
    rows["income"] = rows["iso3"].map(known["income_group_fy2026"]).fillna("")
    rows["why"] = [_why_excluded(row) for row in rows.to_dict("records")]
    kept = rows[rows["why"] == ""]
    return {
        "packages": _packages(kept),
        "requests": kept[["id", "tool", "usd"]].set_axis(["package", "tool", "amount_usd"], axis=1),
        "targets": kept.loc[kept["iso3"] != "", ["id", "iso3"]]
        .set_axis(["package", "country"], axis=1)
        .assign(share=1),
        "measures": _measures(rows, kept),
        "exclusions": _exclusions(rows),
    }


def totals(tables: Mapping[str, pd.DataFrame], source: Path = SOURCE) -> dict[str, int]:
    """Return the numbers that financing/dfc.yaml states, in whole dollars.

    The envelope of each tool is half of its commitments in the round, the odd dollar left out.
    """
    rows = _read(source)
    left = rows[~rows["id"].isin(tables["packages"]["id"])]
    committed = tables["requests"].groupby("tool")["amount_usd"].sum()
    return {
        **{f"{tool}.envelope": int(amount) // 2 for tool, amount in committed.items()},
        "dfc.exposure_elsewhere": int(left["usd"].sum()),
        "dfc.equity_elsewhere": int(left.loc[left["Project Type"] == "Equity", "usd"].sum()),
    }


def write(tables: Mapping[str, pd.DataFrame], folder: Path = ROUND) -> None:
    """Write each table as a CSV file."""
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")


def _read(source: Path) -> pd.DataFrame:
    rows = pd.read_csv(source, dtype=str, keep_default_na=False)
    number = rows["Project Number"]
    tool = rows["Project Type"].map(TOOL_OF_TYPE)
    return rows.assign(
        # the n-th row of its number in the whole file, so that the scope does not change an id
        id=number + "-" + (rows.groupby("Project Number").cumcount() + 1).astype(str),
        line=range(2, len(rows) + 2),
        year=[int(float(year)) if year else 0 for year in rows["Fiscal Year"]],
        usd=[whole_dollars(amount) for amount in rows["Committed"]],
        tool=tool.fillna(rows["Department"].map(TOOL_OF_DEPARTMENT)).fillna(""),
    )


def _codes(names: pd.Series, known: pd.Series) -> list[str]:
    codes = {name: str(code) for code, name in known.items()} | OTHER_NAMES
    return [codes.get(name, "") for name in names]


def _why_excluded(row: Row) -> str:
    if not row["year"]:
        return "no fiscal year: whether it was committed since FY2020 is not known"
    if row["year"] < FIRST_YEAR:
        return "committed before FY2020"
    if row["tool"]:
        if not (row["iso3"] or row["Country"] in REGIONAL or row["Country"] == REDACTED):
            raise ValueError(
                f"line {row['line']}: the country '{row['Country']}' is unknown. "
                "Add it to countries.csv or to OTHER_NAMES."
            )
        return ""
    kind = row["Project Type"]
    if kind == REDACTED:
        return f"tool not known: project type redacted, department {row['Department']}"
    return f"tool not known: the source does not explain project type '{kind}'"


def _packages(kept: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": kept["id"],
            "title": kept["Project Name"],
            "project_number": [_stated(text) for text in kept["Project Number"]],
            "project_type": [_stated(text) for text in kept["Project Type"]],
            "department": kept["Department"],
            "fiscal_year": kept["year"],
            "region": [_stated(text) for text in kept["Region"]],
            "country_named": [_stated(text) for text in kept["Country"]],
            "one_country": [_one_country(text) for text in kept["Country"]],
            "sector": [_stated(text) for text in kept["NAICS Sector"]],
            "committed_usd": kept["usd"],
            "source_line": kept["line"],
        }
    )


def _stated(text: str) -> str:
    return {"": "n/a: not stated in the source", REDACTED: "n/a: redacted"}.get(text, text)


def _one_country(country: str) -> str:
    return "n/a: redacted" if country == REDACTED else "no" if country in REGIONAL else "yes"


def _measures(rows: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    total = int(rows["usd"].sum())
    countries, sectors, projects = (
        rows.groupby(column)["usd"].sum().to_dict()
        for column in ("Country", "NAICS Sector", "Project Number")
    )

    def values(row: Row) -> Iterator[tuple[str, str]]:
        country, sector, own = row["Country"], row["NAICS Sector"], row["usd"]
        number = row["Project Number"]
        ticket = own if number == REDACTED else projects[number]
        in_country, in_sector = countries[country] - own, sectors[sector] - own
        yield "development.host_income", _income(row)
        yield "development.services", _listed(sector, SERVICES)
        yield "prudence.ticket", f"{ticket / 1e6:.6f}"
        yield "prudence.country_share", _no_country(country) or f"{in_country / total:.6f}"
        yield "prudence.sector_share", _no_sector(sector) or f"{in_sector / total:.6f}"
        yield "prudence.disclosure", str(int(row["Project Profile URL"] != ""))
        yield "strategy.priority_sector", _listed(sector, PRIORITY)
        yield "strategy.recency", str(row["year"])

    return pd.DataFrame(
        [
            (row["id"], criterion, value, UNITS[criterion], "derived", SOURCES[criterion])
            for row in kept.to_dict("records")
            for criterion, value in values(row)
        ],
        columns=["package", "criterion", "value", "unit", "origin", "source"],
    )


def _no_country(country: str) -> str:
    if country == REDACTED:
        return "n/a: the country is redacted"
    return f"n/a: '{country}' is no single country" if country in REGIONAL else ""


def _no_sector(sector: str) -> str:
    gaps = {"": "n/a: the sector is not stated", REDACTED: "n/a: the sector is redacted"}
    return gaps.get(sector, "")


def _income(row: Row) -> str:
    step = INCOME_STEP.get(row["income"], f"n/a: {row['Country']} is not classified")
    return _no_country(row["Country"]) or str(step)


def _listed(sector: str, listed: frozenset[str]) -> str:
    return _no_sector(sector) or str(int(sector in listed))


def _exclusions(rows: pd.DataFrame) -> pd.DataFrame:
    early = rows[rows["why"] == "committed before FY2020"]
    out = rows[(rows["why"] != "") & ~rows.index.isin(early.index)]
    span = f"{len(early)} rows of FY{early['year'].min()} to FY{early['year'].max()}"
    listed = [
        (f"line {row['line']}: {row['id']}", f"{row['why']} ({row['usd']:,} USD)")
        for row in out.to_dict("records")
    ]
    first = (span, f"committed before FY2020 ({early['usd'].sum():,} USD)")
    return pd.DataFrame([first, *listed], columns=["row", "reason"])


def main() -> None:
    """Rewrite the round and print the numbers that financing/dfc.yaml states."""
    tables = build()
    write(tables)
    for name, table in tables.items():
        print(f"{name}: {len(table):,} rows")
    for name, amount in totals(tables).items():
        print(f"{name}: {amount:,} USD")


if __name__ == "__main__":
    main()
