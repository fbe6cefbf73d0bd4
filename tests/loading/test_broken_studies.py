"""Every way to break a study that we could think of: exit 4, one clear message, its place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from evaluator import load_study
from evaluator.cli import main
from tests.loading.breaking import BANK, BASE, ROUND, bullets, copy, edit, refuse, workbook

SCALES = "criteria/scales.yaml"
STARS = """scales:
  - id: quality
    label: Stars
    citation: {title: Your scale here, confidence: illustrative}
    numbers: {from: 0, to: 5, step: 0.5}
"""
EVERYBODY = "id,name,agency\ns-1,Ann,security\nt-1,Bea,trade\nt-2,Cy,\n"


@dataclass(frozen=True)
class Break:
    """One edit of the starter study, and what the message must say."""

    name: str
    file: str
    old: str
    new: str
    where: str
    fact: str
    scenario: str = BASE
    most: int = 9
    """How many faults may be told for it."""


BREAKS = [
    # YAML
    Break("duplicate key", BASE, "title: Baseline", "title: A\ntitle: B", "line 3", "stands here again"),
    Break("unknown key", BASE, "as_of:", "colour: red\nas_of:", "line 3", "unknown key 'colour'"),
    Break("misspelt key", BASE, "min_overall", "min_overal", "min_overal", "Did you mean 'min_overall'?"),
    Break("missing key", BASE, "as_of: 2026-07-01\n", "", "baseline.yaml", "the key 'as_of' is missing"),
    Break("bad indentation", BASE, "  min_overall: 40", "  min_overall: 40\n bad", "line", "not valid YAML"),
    Break("text for a number", BASE, "min_overall: 40", "min_overall: '40'", "line 16", "must be a number"),
    Break("number over its range", BASE, "min_overall: 40", "min_overall: 140", "line 16", "at most 100"),
    Break("not a number", BASE, "min_overall: 40", "min_overall: .nan", "line 16", "not a finite number"),
    Break("infinite", BASE, "min_overall: 40", "min_overall: .inf", "line 16", "not a finite number"),
    Break("no such day", BASE, "2026-07-01", "2026-02-30", "line 3", "no day of the calendar"),
    Break("date as text", BASE, "2026-07-01", "July 2026", "line 3", "not a date"),
    Break("anchor twice", BASE, "*", "title: &t Baseline\nscenario: &t baseline\n", "line 2", "anchors", most=2),
    Break("anchor", BASE, "title: Baseline", "title: &t Baseline", "line 2", "anchors"),
    Break("python tag", BASE, "title: Baseline", "title: !!python/name:os.system x", "line 2", "tag"),
    Break("harmless tag", BASE, "min_overall: 40", "min_overall: !!str 40", "line 16", "the tag", most=1),
    Break("tag of a key", BASE, "title: Baseline", "!!str title: Baseline", "line 2", "the tag", most=1),
    Break("list as a key", BASE, "title: Baseline", "[title]: Baseline", "line 2", "a single word"),
    Break("empty scenario", BASE, "*", "", BASE, "the file is empty"),
    Break("comment only", BASE, "*", "# nothing\n", BASE, "holds no data"),
    Break("a list as scenario", BASE, "*", "- a\n", "line 1", "a mapping of keys"),
    Break("wrong choice", BASE, "objective: coverage", "objective: fame", "line 19", "'coverage' or 'amount'"),
    Break("nested too deep", BASE, "title: Baseline", "title: " + "[" * 60 + "]" * 60, "line 2", "deeper"),
    Break("trimmed by nothing", BASE, "as_of:", "panel: {rule: trimmed}\nas_of:", "line 3", "which needs it"),
    Break("no such panel", BASE, "as_of:", "panel: mode\nas_of:", "line 3", "panel"),
    Break("tie-break by nothing", BASE, "min_overall: 40", "tie_break: trade.speed\n  min_overall: 40", "tie_break", "the criterion 'trade.speed' is unknown"),
    # scales of numbers, and who rates
    Break("numbers and levels", SCALES, "    levels:", "    numbers: {from: 0, to: 5, step: 0.5}\n    levels:", "line 2", "exactly one of levels and numbers"),
    Break("a step that does not divide", SCALES, "*", STARS.replace("0.5", "0.3"), "line 5", "no whole number of steps"),
    Break("levels on a scale of numbers", SCALES, "*", STARS, "security.yaml", "has numbers from 0 to 5"),
    Break("an unknown evaluator", f"{ROUND}/evaluators.csv", "*", "id,name\nt-1,Ann\ns-1,Bea\n", "ratings.csv line 3", "the evaluator 't-2' is unknown"),
    Break("an evaluator twice", f"{ROUND}/evaluators.csv", "*", EVERYBODY + "t-1,Ann,\n", "evaluators.csv", "stands here again"),
    Break("an evaluator of nobody", f"{ROUND}/evaluators.csv", "*", EVERYBODY.replace("trade", "trede"), "evaluators.csv", "the agency 'trede' is unknown"),
    # scenario against the rest
    Break("influence sums to 0.9", BASE, "security: 0.4", "security: 0.3", "line 13", "sum to 0.9"),
    Break("influence of a stranger", BASE, "security: 0.4", "navy: 0.4", "influence", "'navy' is unknown"),
    Break("absent folder", BASE, "round: round", "round: rounds", "line 11", "does not exist"),
    Break("path outside", BASE, "round: round", "round: ../../../etc", "line 11", "leaves the study"),
    Break("absolute path", BASE, "round: round", "round: /etc", "line 11", "leaves the study"),
    Break("include of nobody", BASE, "  max_packages: 3", "  include: {P9: {because: x, by: y, date: 2026-07-01}}", "line", "'P9' is unknown"),
    Break("override without reason", BASE, "  max_packages: 3", "  exclude: {P1: {by: y, date: 2026-07-01}}", "exclude.P1", "'because' is missing"),
    Break("must of no tool", BASE, "  minimum_support: 0.2", "  must: {P1: {because: x, by: y, date: 2026-07-01, tool: bank.gift}}", "must", "'bank.gift' is unknown"),
    Break("floor of no agency", BASE, "  max_packages: 3", "  min_agency: {navy: 40}", "min_agency", "'navy' is unknown"),
    Break("cyclic extends", "scenarios/security-first.yaml", "extends: baseline", "extends: security-first", "line 3", "circle", "scenarios/security-first.yaml"),
    Break("extends nothing", "scenarios/security-first.yaml", "extends: baseline", "extends: base", "line 3", "Did you mean 'baseline'?", "scenarios/security-first.yaml"),
    Break("two changes of one key", "scenarios/security-first.yaml", "changes:\n", "changes:\n  - {set: influence.shares, to: {trade: 1}, because: x}\n", "line 6", "overlaps", "scenarios/security-first.yaml"),
    Break("change without reason", "scenarios/security-first.yaml", "    because: What if the security view prevailed?\n", "", "line 5", "'because' is missing", "scenarios/security-first.yaml"),
    Break("change of no tool", "scenarios/security-first.yaml", "influence.shares.security", "institutions.bank.tools.lone.envelope.amount", "line 5", "Did you mean 'loan'?", "scenarios/security-first.yaml"),
    Break("change to nonsense", "scenarios/security-first.yaml", "to: 0.7", "to: much", "line 6", "must be a number", "scenarios/security-first.yaml"),
    # criteria
    Break("weights sum to 0.9", "criteria/trade.yaml", "delivery: 40", "delivery: 30", "weights of trade", "sum to 90"),
    Break("weight of a stranger", "criteria/trade.yaml", "delivery: 40", "deliveri: 40", "weights of trade", "Did you mean 'delivery'?"),
    Break("no best swing", "criteria/security.yaml", "safeguards: 100", "safeguards: 90", "weights of security", "must be 100"),
    Break("negative weight", "criteria/security.yaml", "recovery_hours: 50}", "recovery_hours: -5}", "line", "at least 0"),
    Break("levels beside the scale", "criteria/trade.yaml", "poor: 0}", "bad: 0}", "delivery", "the scale has"),
    Break("no such scale", "criteria/trade.yaml", "scale: quality", "scale: qualities", "delivery", "Did you mean 'quality'?"),
    Break("two value functions", "criteria/security.yaml", "value: {exponential", "value: {linear: {worst: 1, best: 0}, exponential", "line", "exactly one"),
    Break("direction against the function", "criteria/security.yaml", "direction: lower", "direction: higher", "line", "the value function says"),
    Break("descending points", "criteria/trade.yaml", "[0.5, 60], [1.0, 100]", "[1.0, 60], [0.5, 100]", "line", "ascend"),
    Break("midvalue outside", "criteria/security.yaml", "midvalue: 24", "midvalue: 80", "line", "between worst and best"),
    Break("no citation", "criteria/trade.yaml", "    citation: {title: Your criterion here, confidence: illustrative}\n  - id: delivery", "  - id: delivery", "criteria.domestic_content", "'citation' is missing"),
    Break("made-up confidence", "criteria/trade.yaml", "weights:\n  method: points                 # they sum to 100\n  confidence: illustrative", "weights:\n  method: points\n  confidence: certain", "line", "'certain'"),
    Break("requirement on no column", "criteria/requirements.yaml", "attribute: submitted_on", "attribute: submitted", "on_time", "Did you mean 'submitted_on'?"),
    # financing
    Break("date before the first value", BASE, "as_of: 2026-07-01", "as_of: 2025-07-01", "largest_share", "no value on 2025-07-01"),
    Break("negative money", BANK, "amount: 100_000_000", "amount: -1", "line", "at least 0"),
    Break("cents", BANK, "amount: 100_000_000", "amount: 100.5", "line", "whole number"),
    Break("limit on no tool", BANK, "tools: [bank.*]\n    per", "tools: [banks.*]\n    per", "share_of_cost", "'banks.*' is unknown"),
    Break("limit on no parameter", BANK, "share: bank.largest_share", "share: bank.larger_share", "share_of_cost", "is unknown"),
    Break("limit both ways", BANK, "    at_most: 25_000_000", "    at_most: 25_000_000\n    at_least: 1", "line", "exactly one of at_most and at_least"),
    Break("goal without a cost", BANK, "kind: law\n    tools: [bank.*]\n    measure", "kind: goal\n    tools: [bank.*]\n    measure", "line", "cost_per_million"),
    Break("filter on no column", BANK, "host.income_group", "host.income_groups", "equity", "is unknown"),
    # tables
    Break("unknown country", f"{ROUND}/targets.csv", "P1,KEN,1", "P1,KNE,1", "line 2", "Did you mean 'KEN'?"),
    Break("text in a number", f"{ROUND}/packages.csv", "90000000", "ninety", "line 2, column capital_cost_usd", "not a number"),
    Break("thousands separators", f"{ROUND}/packages.csv", "90000000", '"90,000,000"', "line 2, column capital_cost_usd", "without separators"),
    Break("negative cost", f"{ROUND}/packages.csv", "90000000", "-90000000", "line 2, column capital_cost_usd", "negative"),
    Break("NaN in a table", f"{ROUND}/packages.csv", "90000000", "NaN", "line 2, column capital_cost_usd", "not a number"),
    Break("infinity in a table", f"{ROUND}/measures.csv", "P3,trade.domestic_content,1,", "P3,trade.domestic_content,1e999,", "line 4, column value", "not a number"),
    Break("wrong delimiter", f"{ROUND}/packages.csv", ",", ";", "line 1", "not separated by commas"),
    Break("unknown column", f"{ROUND}/packages.csv", "risk_grade", "risk_grad", "line 1", "Did you mean 'risk_grade'?"),
    Break("missing column", f"{ROUND}/requests.csv", "package,tool,amount_usd", "package,tool,minimum_usd", "line 1", "'amount_usd' is missing"),
    Break("duplicate column", f"{ROUND}/packages.csv", "id,title", "id,id", "line 1", "stands twice"),
    Break("short row", f"{ROUND}/packages.csv", ",medium,2026-05-20", ",medium", "line 2", "the header has 5"),
    Break("duplicate package", f"{ROUND}/packages.csv", "P2,Port", "P1,Port", "line 3", "stands here again"),
    Break("duplicate rating", f"{ROUND}/ratings.csv", "P1,trade.delivery,t-2", "P1,trade.delivery,t-1", "line 3", "stands here again"),
    Break("empty table", f"{ROUND}/requests.csv", "*", "", "requests.csv", "the file is empty"),
    Break("byte order mark", f"{ROUND}/packages.csv", "id,title", "﻿id,title", "packages.csv", "byte order mark"),
    Break("no package", f"{ROUND}/packages.csv", "*", "id,title,capital_cost_usd,risk_grade,submitted_on\n", "packages", "no package"),
    Break("open quote", f"{ROUND}/packages.csv", "Clinic imaging service", '"Clinic', "packages.csv line 2", "not valid CSV"),
    Break("request of no tool", f"{ROUND}/requests.csv", "P1,bank.loan", "P1,bank.lone", "line 2", "Did you mean 'bank.loan'?"),
    Break("request of no package", f"{ROUND}/requests.csv", "P1,bank.loan", "P7,bank.loan", "line 2", "'P7' is not in packages"),
    Break("minimum over the ask", f"{ROUND}/requests.csv", "60000000,20000000", "60000000,70000000", "line 3", "exceeds amount_usd"),
    Break("request of nothing", f"{ROUND}/requests.csv", "40000000", "0", "line 2", "0 dollars"),
    Break("shares sum to 0.9", f"{ROUND}/targets.csv", "VNM,0.5", "VNM,0.4", "targets.csv line 4", "sum to 0.9"),
    Break("share over 1", f"{ROUND}/targets.csv", "P1,KEN,1", "P1,KEN,100", "line 2, column share", "between 0 and 1"),
    Break("wrong unit", f"{ROUND}/measures.csv", "0.5,0.45,0.6,share", "0.5,0.45,0.6,percent", "line 2", "measured in 'share'"),
    Break("range that does not hold", f"{ROUND}/measures.csv", "0.5,0.45,0.6", "0.5,0.55,0.6", "line 2", "do not ascend"),
    Break("n/a without reason", f"{ROUND}/measures.csv", "n/a: no test was made", "n/a", "line 7, column value", "needs its reason"),
    Break("rating off the scale", f"{ROUND}/ratings.csv", "t-1,good,Has", "t-1,great,Has", "line 2", "'great' is unknown"),
    Break("recused yet rated", f"{ROUND}/ratings.csv", "t-2,,,yes", "t-2,fair,,yes", "line 7", "a recused evaluator has rated"),
    Break("measure as rating", f"{ROUND}/ratings.csv", "P1,security.safeguards", "P1,security.recovery_hours", "line 8", "is a measure, not a rating"),
    Break("unknown criterion", f"{ROUND}/measures.csv", "P1,trade.domestic_content", "P1,trade.content", "line 2", "is unknown"),
    Break("date in words", f"{ROUND}/packages.csv", "2026-05-20", "20 May 2026", "column submitted_on", "not a date"),
    Break("off the list", f"{ROUND}/packages.csv", "medium", "moderate", "column risk_grade", "Known here: low, medium, high."),
    Break("refused gap", BASE, "round: round", "round: round\nmissing: refuse", "measures.csv line 7", "this scenario refuses"),
    Break("id with a slash", f"{ROUND}/packages.csv", "P1,Clinic", "../P1,Clinic", "line 2, column id", "not an id"),
    # numbers, texts and dates as YAML
    Break("5,000 digits", BASE, "min_overall: 40", "min_overall: " + "9" * 5000, "line 16", "a number of 5,000 digits", most=1),
    Break("beyond floating point", BASE, "min_overall: 40", "min_overall: 1e400", "line 16", "not a finite number", most=1),
    Break("octal or decimal", BASE, "min_overall: 40", "min_overall: 010", "line 16", "must be a number, not '010'"),
    Break("hexadecimal", BASE, "min_overall: 40", "min_overall: 0x10", "line 16", "must be a number, not '0x10'"),
    Break("stray underscore", BASE, "min_overall: 40", "min_overall: 1_.5", "line 16", "must be a number, not '1_.5'"),
    Break("day as a number", BASE, "2026-07-01", "20260701", "line 3", "is 20260701, not a date"),
    Break("day with an hour", BASE, "2026-07-01", "2026-07-01 10:00", "line 3", "not a date"),
    Break("empty key", BASE, "title: Baseline", "title:", "line 2, title", "'title' is empty. Fill it"),
    Break("escape sequence", BASE, "title: Baseline", 'title: "\\e[31mBaseline"', "line 2", "control character U+001B", most=1),
    Break("reversed text", BASE, "title: Baseline", 'title: "\\u202eBaseline"', "line 2", "U+202E"),
    Break("half a character", BASE, "title: Baseline", 'title: "\\ud800"', "line 2", "Unicode character"),
    Break("NUL in a path", BASE, "round: round", 'round: "ro\\0und"', "line 11", "U+0000"),
    Break("control character", f"{ROUND}/packages.csv", "Clinic", "Cl\x07nic", "packages.csv line 2", "U+0007"),
    Break("aliases of aliases", BASE, "*", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "line 1", "anchors", most=5),
    Break("alias of itself", BASE, "*", "a: &a [*a, *a]\n", "line 1", "anchors", most=2),
    Break("brackets without end", BASE, "title: Baseline", "title: " + "[" * 5000, "line 2", "nesting depth", most=1),
    Break("another file", BASE, "title: Baseline", "title: " + "x" * 600_000, BASE, "at most 500,000 are read", most=1),
    Break("a path of 5,000 letters", BASE, "round: round", "round: " + "r" * 5000, "line 11, round", "does not exist"),
    Break("extends 5,000 letters", "scenarios/security-first.yaml", "extends: baseline", "extends: " + "b" * 5000, "line 3", "does not exist", "scenarios/security-first.yaml"),
    Break("round that is a file", BASE, "round: round", "round: countries.csv", "line 11, round", "is not a folder or an .xlsx workbook", most=1),
    Break("criteria that are a file", BASE, "criteria: ../criteria", "criteria: ../criteria/trade.yaml", "line 8, criteria", "is not a folder", most=1),
    Break("countries that are a folder", BASE, "countries: countries.csv", "countries: ..", "line 10, countries", "is not a .csv file", most=1),
    Break("misspelt folder", BASE, "financing: financing", "financing: financng", "line 9, financing", "Did you mean 'financing'?"),
    # one fault, not many
    Break("broken attributes", "criteria/attributes.yaml", "type: money", "type: moni", "capital_cost_usd.type", "'moni'", most=1),
    Break("attributes that are no YAML", "criteria/attributes.yaml", "attributes:", "attributes", "attributes.yaml", "not valid YAML", most=1),
    Break("dated column of a package", "criteria/attributes.yaml", "type: date}", "type: date, columns: [{from: 2026-01-01, column: submitted_on}]}", "submitted_on", "columns by date are for countries", most=1),
    Break("dated column with another meaning", "scenarios/countries.yaml", "    type: text", "    type: text\n    columns: [{from: 2026-01-01, column: bloc}]", "income_group", "'bloc' with a meaning of its own"),
    Break("two facts in one column", "scenarios/countries.yaml", "attributes:", "attributes:\n  - {id: risk, label: Risk, type: text, columns: [{from: 2026-01-01, column: income_group}]}", "income_group", "'income_group' of 'risk'", most=1),
    Break("dated columns out of order", "scenarios/countries.yaml", "    type: text", "    type: text\n    columns: [{from: 2026-01-01, column: income_group}, {from: 2025-01-01, column: earlier}]", "income_group", "ascending order", most=1),
    Break("broken country columns", "scenarios/countries.yaml", "type: text", "type: txt", "income_group.type", "'txt'", most=1),
    Break("package with a broken row", f"{ROUND}/packages.csv", "90000000", "ninety", "line 2, column capital_cost_usd", "not a number", most=1),
    Break("no criteria key", BASE, "criteria: ../criteria\n", "", BASE, "the key 'criteria' is missing", most=1),
    Break("scale without a level in use", "criteria/scales.yaml", "id: fair", "id: fine", "delivery", "the scale has", most=2),
    Break("twenty strange columns", f"{ROUND}/targets.csv", "share", ",".join(f"c{i}" for i in range(20)), "targets.csv line 1", "20 columns are unknown"),
    # ids
    Break("criterion twice", "criteria/trade.yaml", "- id: delivery", "- id: domestic_content", "trade.yaml line 12", "'domestic_content' stands here again", most=1),
    Break("level twice", "criteria/scales.yaml", "id: fair", "id: good", "scales.yaml line 7, quality.good", "stands here again", most=1),
    Break("scale twice", "criteria/scales.yaml", "scales:", "scales:\n  - {id: quality, label: Q, citation: {title: T, confidence: seen}, levels: [{id: a, label: a, meaning: a}, {id: b, label: b, meaning: b}]}", "scales.yaml line 3", "stands here again", most=1),
    Break("requirement twice", "criteria/requirements.yaml", "id: on_time", "id: names_a_target", "requirements.yaml line 6", "stands here again", most=1),
    Break("column described twice", "criteria/attributes.yaml", "id: risk_grade", "id: submitted_on", "attributes.yaml line 4", "described twice", most=1),
    Break("column with a meaning of its own", "criteria/attributes.yaml", "id: submitted_on", "id: requires", "attributes.yaml line 4", "a meaning of its own", most=1),
    Break("agency with a point", "criteria/trade.yaml", "agency: trade", "agency: us.trade", "trade.yaml line 1, agency", "the point that parts it", most=1),
    Break("package that requires itself", f"{ROUND}/packages.csv", "*", "id,title,requires\nP1,A,P1\nP2,B,\nP3,C,\n", "packages.csv line 2", "requires itself"),
    Break("package required twice", f"{ROUND}/packages.csv", "*", "id,title,requires\nP1,A,P2|P2\nP2,B,\nP3,C,\n", "line 2, column requires", "an id twice"),
    # what can never be met
    Break("bound on a text", "criteria/attributes.yaml", "type: text,", "type: text, at_least: 3,", "attributes.yaml line 3, risk_grade", "bound numbers; the column is a text", most=1),
    Break("list for a number", "criteria/attributes.yaml", "type: money}", "type: money, one_of: ['1']}", "attributes.yaml line 2", "one_of lists texts", most=1),
    Break("bounds upside down", "criteria/attributes.yaml", "type: money}", "type: money, at_least: 5, at_most: 2}", "attributes.yaml line 2", "at_least 5 is above at_most 2", most=1),
    Break("requirement of a number on a text", "criteria/requirements.yaml", "date: {attribute: submitted_on, not_after: call.closes}", "attribute: {id: risk_grade, at_least: 3}", "on_time", "of type text, not a number", most=1),
    Break("requirement of a date on a text", "criteria/requirements.yaml", "attribute: submitted_on", "attribute: risk_grade", "on_time", "of type text, not date", most=1),
    Break("requirement of a text on a number", "criteria/requirements.yaml", "date: {attribute: submitted_on, not_after: call.closes}", "attribute: {id: capital_cost_usd, one_of: ['1']}", "on_time", "'capital_cost_usd', which is a number", most=1),
    Break("bar that no country meets", "criteria/requirements.yaml", "date: {attribute: submitted_on, not_after: call.closes}", "members: {headquarters_not: {income_group: 5}}", "on_time", "'income_group', which is a text", most=1),
    Break("bar on nothing", "criteria/requirements.yaml", "date: {attribute: submitted_on, not_after: call.closes}", "members: {headquarters_not: {}}", "on_time", "names no column", most=1),
    Break("filter of a range on a text", BANK, "host.income_group: [lower_middle]", "risk_grade: {at_least: 5}", "equity", "a range is asked of 'risk_grade'", most=1),
    Break("filter of a text on a number", BANK, "host.income_group: [lower_middle]", "capital_cost_usd: big", "equity", "which is a number", most=1),
    Break("filter on no value", BANK, "host.income_group: [lower_middle]", "host.income_group: []", "equity", "one of no values", most=1),
    Break("filter off the list", BANK, "host.income_group: [lower_middle]", "risk_grade: [lo]", "equity", "Did you mean 'low'?", most=1),
    Break("filter on no bloc", BANK, "host.income_group: [lower_middle]", "host.bloc: Afrika", "equity", "Did you mean 'Africa'?", most=1),
    Break("no subsidy rate", BANK, "{low: 0.02, medium: 0.05, high: 0.12}", "{}", "loan", "the table of subsidy rates is empty", most=1),
    Break("subsidy rate of no value", BANK, "{low: 0.02,", "{lo: 0.02,", "loan", "Did you mean 'low'?", most=1),
    Break("subsidy rate in percent", BANK, "{low: 0.02,", "{low: 2,", "loan", "Write 5 % as 0.05", most=1),
    Break("tenor that serves nobody", BANK, "minimum_ticket: 5_000_000", "tenor_at_most: -5", "loan", "nothing could be served", most=1),
    Break("call that closes before it opens", BASE, "opens: 2026-04-01", "opens: 2027-04-01", "call.closes", "before it opens", most=1),
    Break("range without a value", f"{ROUND}/measures.csv", "0.5,0.45,0.6", ",0.45,0.6", "measures.csv line 2", "beside no value", most=1),
    Break("a kind of limit that is none", BASE, "minimum_support: 0.2", "minimum_support: 0.2\n  ignore: {'kind:x': {because: a trial, by: me, date: 2026-07-01}}", "allocation.ignore", "Write kind:goal or kind:law.", most=1),
    Break("parameters that a method refuses", BASE, "allocation:", "method: {name: vikor, v: 3}\nallocation:", "line 18, method", "a number from 0 to 1. Mend", most=1),
    Break("interval upside down", BASE, "allocation:", "uncertainty: {influence: {intervals: {trade: [0.9, 0.1]}}}\nallocation:", "uncertainty.influence", "begins at 0.9 and ends at 0.1", most=1),
    Break("interval that leaves out what is stated", BASE, "allocation:", "uncertainty: {influence: {intervals: {trade: [0.9, 1]}}}\nallocation:", "uncertainty.influence", "'trade', 0.9 to 1, leaves out the share that is stated, 0.6", most=1),
    Break("interval of nobody", BASE, "allocation:", "uncertainty: {weights_of: {trade: {intervals: {deliveri: [0, 1]}}}}\nallocation:", "weights of trade", "Did you mean 'trade.delivery'?", most=1),
    Break("weights of nobody", BASE, "allocation:", "uncertainty: {weights_of: {navy: stated}}\nallocation:", "weights_of.navy", "'navy' is unknown", most=1),
    Break("points beyond adding up", "criteria/trade.yaml", "{domestic_content: 60, delivery: 40}", "{domestic_content: 1e308, delivery: 1e308}", "weights of trade", "too large to add up", most=1),
    Break("agency of nothing", "criteria/trade.yaml", "*", "agency: trade\nname: T\nweights: {method: points, confidence: seen, judgements: {}}\n", "weights of trade", "weighs nothing"),
    # tables
    Break("commas only", f"{ROUND}/packages.csv", "*", ",,,\n", "packages.csv", "holds empty cells only", most=1),
    Break("a title of 30,000 letters", f"{ROUND}/packages.csv", "Clinic imaging service", "x" * 30_000, "line 2, column title", "has 30,000 characters", most=1),
    Break("a cell without end", f"{ROUND}/packages.csv", "Clinic imaging service", "x" * 200_000, "line 2, column title", "has 200,000 characters", most=1),
    Break("a reason that nobody sees", f"{ROUND}/packages.csv", "90000000", "n/a: \u2800", "column capital_cost_usd", "nothing of the cell is seen", most=1),
    Break("a rationale that nobody sees", f"{ROUND}/ratings.csv", "*", "package,criterion,evaluator,rating,rationale\nP1,security.end_use,s-1,good,\u2800\n", "line 2, column rationale", "nothing of the cell is seen"),
    Break("week as a date", f"{ROUND}/packages.csv", "2026-05-20", "2026-W21-3", "column submitted_on", "not a date", most=1),
    Break("digits of another script", f"{ROUND}/packages.csv", "90000000", "\u0669\u0660", "column capital_cost_usd", "not a number", most=1),
    Break("cents far behind the point", f"{ROUND}/packages.csv", "90000000", "90000000.00000000001", "column capital_cost_usd", "not a whole number", most=1),
    Break("no answer for a number", f"{ROUND}/packages.csv", "90000000", "n/available", "column capital_cost_usd", "not a number", most=1),
    # units
    Break("share of 25", BANK, "value: 0.5,", "value: 25,", "bank.yaml line 8, largest_share", "the share 25 is above 1. Write 25 % as 0.25", most=1),
    Break("negative parameter", BANK, "value: 0.5,", "value: -0.5,", "line 8", "'value' is -0.5; it must be at least 0", most=1),
    Break("cents of a parameter", BANK, "unit: share\n    values:\n      - {from: 2026-01-01, value: 0.5,", "unit: USD\n    values:\n      - {from: 2026-01-01, value: 0.5,", "line 8, largest_share", "0.5 is not a whole number", most=2),
    Break("dollars as a share", BANK, "unit: share\n    values:\n      - {from: 2026-01-01, value: 0.5,", "unit: USD\n    values:\n      - {from: 2026-01-01, value: 5,", "line 25, share_of_cost", "'bank.largest_share' is in 'USD'; 'share' or 'multiple' is needed here", most=1),
    Break("percent as a share", BANK, "unit: share", "unit: percent", "line 25, share_of_cost", "is in 'percent'", most=1),
    Break("share as a bound", BANK, "at_most: 25_000_000", "at_most: bank.largest_share", "line 32, subsidy_budget", "is in 'share'; 'money' or 'USD' is needed here", most=1),
    Break("share in a least of several", BANK, "at_most: 25_000_000", "at_most: {min: [1, bank.largest_share]}", "line 32, subsidy_budget", "'money' or 'USD' is needed here", most=1),
    Break("share as exposure", BANK, "at_most: 25_000_000", "at_most: 25_000_000\n    plus: bank.largest_share", "line 32, subsidy_budget", "'money' or 'USD' is needed here", most=1),
    Break("share as exposure of a sum", BANK, "at_most: 25_000_000", "at_most: {share: 0.5, of: {tools: ['*'], plus: bank.largest_share}}", "line 32, subsidy_budget", "'money' or 'USD' is needed here", most=1),
    Break("share of a share", BANK, "of: capital_cost_usd", "of: bank.largest_share", "line 25, share_of_cost", "'money' or 'USD' is needed here", most=1),
    Break("share as a term", BANK, "minimum_ticket: 5_000_000", "tenor_at_most: bank.largest_share", "line 10, loan", "'years' is needed here", most=1),
    Break("trigger that no share reaches", BANK, "at_most: 25_000_000", "at_most: 25_000_000\n    when: {parameter: bank.largest_share, at_least: 2}", "subsidy_budget, when", "the share 2 is above 1", most=1),
    Break("threshold of an unknown parameter", BANK, "at_most: 25_000_000", "at_most: 25_000_000\n    packages: {capital_cost_usd: {above: bank.large}}", "subsidy_budget", "the parameter 'bank.large' is unknown", most=1),
    Break("threshold that is missing", BANK, "tools:\n  - id: loan\n", "  - {id: size, label: Size, unit: USD, values: [{from: 2026-01-01, missing: Not found, citation: {title: T, confidence: seen}}]}\ntools:\n  - id: loan\n    eligible: {capital_cost_usd: {above: bank.size}}\n", "loan", "what the condition asks is not known", most=1),
    Break("trigger of another unit", BANK, "at_most: 25_000_000", "at_most: 25_000_000\n    when: {parameter: bank.largest_share, at_least: bank.largest}", "subsidy_budget", "Did you mean 'bank.largest_share'?", most=1),
    Break("terms by an unknown column", BANK, "minimum_ticket: 5_000_000", "tenor_at_most: {by: colour, years: {red: 5}}", "loan", "the column 'colour' is unknown", most=1),
    Break("terms by an unknown value", BANK, "minimum_ticket: 5_000_000", "tenor_at_most: {by: risk_grade, years: {lou: 5, low: 9}}", "loan", "Did you mean 'low'?", most=1),
    Break("no terms at all", BANK, "minimum_ticket: 5_000_000", "tenor_at_most: {by: risk_grade, years: {}}", "line", "years", most=4),
    Break("outstanding per package", BANK, "    per: package", "    per: package\n    outstanding: true", "line", "outstanding needs per: entity", most=1),
    Break("exposure of an unknown firm", f"{ROUND}/exposures.csv", "*", "entity,institution,amount_usd\nacme,bank,5\n", "exposures.csv line 2", "the entity 'acme' is unknown", most=1),
    Break("exposure to an unknown lender", f"{ROUND}/exposures.csv", "*", "entity,institution,amount_usd\nacme,bunk,5\n", "exposures.csv line 2", "Did you mean 'bank'?", most=2),
    Break("money of another country", "criteria/attributes.yaml", "type: money}", "type: money, unit: EUR}", "line 2, capital_cost_usd", "money is in USD", most=1),
    # texts that say nothing
    Break("blank reason", BASE, "  max_packages: 3", "  exclude: {P1: {because: '  ', by: y, date: 2026-07-01}}", "exclude.P1.because", "'because' is empty. Fill it.", most=1),
    Break("blank name of who decides", BASE, "  max_packages: 3", "  include: {P1: {because: x, by: ' ', date: 2026-07-01}}", "include.P1.by", "'by' is empty", most=1),
    Break("blank citation", BASE, "Your decision here", "' '", "influence.citation.title", "'title' is empty", most=1),
    Break("blank label", BANK, "label: Direct loan", "label: '\u00a0'", "line 11", "'label' is empty", most=1),
    Break("blank unit", BANK, "unit: share", "unit: ' '", "line 6", "'unit' is empty", most=1),
    Break("blank reason of a change", "scenarios/security-first.yaml", "What if the security view prevailed?", "' '", "line 8, changes.1.because", "'because' is empty", "scenarios/security-first.yaml", most=1),
    Break("blank word of a column", "criteria/attributes.yaml", "[low, medium, high]", "[low, ' ', high]", "one_of.2", "entry 2 is empty"),
    # labels
    Break("country in small letters", "scenarios/countries.csv", "KEN,", "ken,", "countries.csv line 2, column iso3", "'ken' is not a code of ISO 3166-1 alpha-3. Write three capital letters"),
    Break("country of two letters", "scenarios/countries.csv", "KEN,", "KE,", "countries.csv line 2, column iso3", "'KE' is not a code"),
    Break("header with a space", f"{ROUND}/targets.csv", ",country", ", country", "targets.csv line 1", "the name of the column ' country' has spaces around it. Remove them.", most=1),
    Break("header of a space", f"{ROUND}/targets.csv", "*", "package,country,share, \nP1,KEN,1,\n", "targets.csv line 1", "a column has no name", most=1),
    Break("byte order mark within", f"{ROUND}/packages.csv", "Clinic", "\ufeffClinic", "packages.csv line 2", "holds the invisible character U+FEFF ZERO WIDTH NO-BREAK SPACE at letter 4. Remove it.", most=1),
    Break("space without width", f"{ROUND}/ratings.csv", "Has run", "Has\u200brun", "ratings.csv line 2", "the invisible character U+200B", most=1),
    Break("space without width in YAML", BASE, "title: Baseline", 'title: "Base\\u200bline"', "line 2", "the invisible character U+200B", most=1),
    # names with another meaning
    Break("column with a point", "criteria/attributes.yaml", "id: risk_grade", "id: host.income_group", "attributes.yaml line 3, host.income_group", "holds the point", most=1),
    Break("limit named as an envelope", BANK, "id: subsidy_budget", "id: loan.envelope", "bank.yaml line 1", "ids used twice in one institution: loan.envelope", most=1),
    # forms of naming
    Break("tools by a pattern", BANK, "tools: [bank.*]\n    per", "tools: [b*]\n    per", "share_of_cost", "the tool 'b*' is unknown. Known here: bank.*, bank.equity, bank.loan.", most=1),
    Break("tools by what they are not", BANK, "tools: [bank.*]\n    per", "tools: ['[!x]*']\n    per", "share_of_cost", "the tool '[!x]*' is unknown", most=1),
    Break("tools of all institutions", BANK, "tools: [bank.*]\n    per", "tools: ['*.loan']\n    per", "share_of_cost", "the tool '*.loan' is unknown", most=1),
    Break("base by a pattern", BANK, "at_most: 25_000_000", "at_most: {share: 0.5, of: {tools: [bank.l*]}}", "subsidy_budget", "the tool 'bank.l*' is unknown. Did you mean 'bank.*'?", most=1),
    Break("every limit ignored", BASE, "minimum_support: 0.2", "minimum_support: 0.2\n  ignore: {'*': {because: a trial, by: me, date: 2026-07-01}}", "allocation.ignore", "the limit '*' is unknown. Known here: bank.equity.envelope", most=1),
    Break("limits ignored by a pattern", BASE, "minimum_support: 0.2", "minimum_support: 0.2\n  ignore: {bank.*: {because: a trial, by: me, date: 2026-07-01}}", "allocation.ignore", "the limit 'bank.*' is unknown", most=1),
    # contradictions
    Break("range upside down", BANK, "host.income_group: [lower_middle]", "capital_cost_usd: {at_least: 5, at_most: 2}", "eligible.capital_cost_usd", "no number meets at_least 5 and at_most 2", most=1),
    Break("range of nothing", BANK, "at_most: 25_000_000", "at_most: 25_000_000\n    packages: {capital_cost_usd: {at_least: 5, below: 5}}", "packages.capital_cost_usd", "no number meets at_least 5 and below 5", most=1),
    Break("requirement upside down", "criteria/requirements.yaml", "date: {attribute: submitted_on, not_after: call.closes}", "attribute: {id: capital_cost_usd, at_least: 5, at_most: 2}", "check.attribute", "no number meets at_least 5 and at_most 2", most=1),
    Break("direction of a hump", "criteria/trade.yaml", "[0.5, 60], [1.0, 100]", "[0.5, 100], [1.0, 20]", "domestic_content", "rises and falls: leave direction out", most=1),
    Break("points of one value", "criteria/trade.yaml", "[[0.0, 0], [0.5, 60], [1.0, 100]]", "[[0.0, 60], [1.0, 60]]", "domestic_content.value", "all have one value", most=1),
    Break("levels against the scale", "criteria/trade.yaml", "{good: 100, fair: 50, poor: 0}", "{good: 0, fair: 50, poor: 50}", "trade.yaml line 12, delivery", "'fair' is worth 50 and 'good' 0, but the scale has its best label first", most=1),
    Break("judgement off the scale", "criteria/security.yaml", "method: swing                  # the greatest swing is 100\n  confidence: illustrative\n  judgements: {safeguards: 100, recovery_hours: 50}", "method: ahp\n  confidence: seen\n  pairwise: {safeguards: {recovery_hours: 1e200}}", "security.yaml line 22, weights.pairwise.safeguards.recovery_hours", "is 1e+200; it must be at most 9", most=1),
    # numbers beyond reason
    Break("cost of a goal without end", BANK, "kind: law\n    tools: [bank.*]\n    measure", "kind: goal\n    cost_per_million: 1e20\n    tools: [bank.*]\n    measure", "cost_per_million", "is 1e+20; it must be at most 1e+06", most=1),
    Break("anchors without end", "criteria/security.yaml", "exponential: {worst: 72, best: 0, midvalue: 24}", "linear: {worst: 1e308, best: -1e308}", "value.linear", "it must be at", most=2),
    Break("anchors of one point", "criteria/security.yaml", "exponential: {worst: 72, best: 0, midvalue: 24}", "linear: {worst: 1e-320, best: 0}", "value.linear", "differ by rounding alone", most=1),
    Break("points of one point", "criteria/trade.yaml", "[0.5, 60], [1.0, 100]", "[1e-320, 60], [1.0, 100]", "domestic_content.value", "differ by rounding alone", most=1),
    # methods
    Break("profiles upside down", BASE, "allocation:", "method: {name: electre_tri, profiles: [60, 40]}\nallocation:", "line 18, method", "electre_tri: profile 2 (40) is worse than profile 1 (60); order the profiles from worst to best.", most=1),
    Break("thresholds upside down", BASE, "allocation:", "method: {name: promethee, preference: linear, q: 5, p: 3}\nallocation:", "line 18, method", "promethee: p = 3 is under q = 5.", most=1),
    Break("threshold left out", BASE, "allocation:", "method: {name: promethee, preference: linear, q: 5}\nallocation:", "line 18, method", "promethee: linear needs p; give it.", most=1),
    Break("veto below preference", BASE, "allocation:", "method: {name: electre_tri, profiles: [60], p: 9, v: 8}\nallocation:", "line 18, method", "q = 0, p = 9, v = 8; give finite numbers, 0 <= q <= p <= v.", most=1),
]  # fmt: skip


@pytest.mark.parametrize("case", BREAKS, ids=[b.name for b in BREAKS])
def test_one_clear_message_with_its_place(case: Break, tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, case.file, case.old, case.new)
    message = refuse(root, case.scenario)
    assert any(case.where in line and case.fact in line for line in bullets(message)), message
    assert len(bullets(message)) <= case.most, message


def test_the_table_is_long_enough() -> None:
    assert len({case.name for case in BREAKS}) == len(BREAKS) >= 40


def test_a_workbook_holds_the_same_study(tmp_path: Path) -> None:
    root = copy(tmp_path)
    from_csv = load_study(root / BASE)
    workbook(root, lambda book: None)
    from_xlsx = load_study(root / BASE)
    assert from_xlsx.packages == from_csv.packages
    assert from_xlsx.entities == from_csv.entities


def test_a_formula_cell_is_named(tmp_path: Path) -> None:
    root = copy(tmp_path)

    def formula(book: Workbook) -> None:
        book["packages"]["C2"] = "=1+1"

    workbook(root, formula)
    assert "round.xlsx sheet packages cell C2: holds a formula." in refuse(root)


def test_an_unknown_sheet_is_named(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: book.create_sheet("package").append(["id"]))
    assert "Did you mean 'packages'?" in refuse(root)


def test_a_workbook_that_is_none(tmp_path: Path) -> None:
    root = copy(tmp_path)
    workbook(root, lambda book: None)
    (root / "scenarios" / "round.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert "round.xlsx: is not a workbook, or is damaged." in refuse(root)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    root = copy(tmp_path)
    path = root / ROUND / "packages.csv"
    path.write_bytes(path.read_bytes().replace(b"Clinic", b"Clin\xe9c"))
    assert "packages.csv line 2: is not UTF-8 text." in refuse(root)


def test_a_link_that_leaves_the_study(tmp_path: Path) -> None:
    root = copy(tmp_path)
    shutil.move(root / ROUND, tmp_path / "elsewhere")
    (root / ROUND).symlink_to(tmp_path / "elsewhere")
    assert "leaves the study's folder" in refuse(root)


def test_all_faults_at_once(tmp_path: Path) -> None:
    root = copy(tmp_path)
    for file, old, new in (
        (BASE, "max_packages: 3", "max_packages: 0"),
        ("criteria/trade.yaml", "kind: rating", "kind: opinion"),
        (BANK, "amount: 30_000_000", "amount: much"),
        (f"{ROUND}/packages.csv", "90000000", "ninety"),
        (f"{ROUND}/targets.csv", "P1,KEN,1", "P1,KEN,2"),
    ):
        edit(root, file, old, new)
    found = bullets(refuse(root))
    for file in ("baseline.yaml", "trade.yaml", "bank.yaml", "packages.csv", "targets.csv"):
        assert any(file in line for line in found)


def test_a_real_process_says_the_same(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / BASE).write_text("scenario: x\nscenario: y\n")
    command = [sys.executable, "-m", "evaluator", "validate", str(root / BASE)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 4
    assert result.stdout == ""
    assert "baseline.yaml line 2: the key 'scenario' stands here again" in result.stderr
    assert "Traceback" not in result.stderr


def test_no_such_scenario(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "a" / "none.yaml")])
    assert result.exit_code == 4
    assert "there is no such file" in result.stderr
