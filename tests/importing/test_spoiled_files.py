"""Files of a known form, spoiled at random: read, or refused with a fault at its place."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest

from evaluator.errors import InvalidStudyError
from evaluator.importing.material import Source
from evaluator.importing.readers import READERS
from evaluator.loading.documents.bounds import Bounds

DAY = dt.date(2026, 7, 1)
PB = """META
key;value
budget;1000
vote_type;cumulative
date_end;2024
PROJECTS
project_id;cost;name
7;600;Park
9;500.5;Square
VOTES
voter_id;district;vote;points
1;a;7,9;2,1
2;b;9;3
"""
XMCDA = """<XMCDA><alternatives><alternative id="a"/><alternative id="b"/></alternatives>
<criteria><criterion id="g"><scale><quantitative><preferenceDirection>max</preferenceDirection>
</quantitative></scale></criterion></criteria><performanceTable>
<alternativePerformances><alternativeID>a</alternativeID><performance><criterionID>g</criterionID>
<value><real>1</real></value></performance></alternativePerformances>
<alternativePerformances><alternativeID>b</alternativeID><performance><criterionID>g</criterionID>
<value><rational><numerator>1</numerator><denominator>3</denominator></rational></value>
</performance></alternativePerformances></performanceTable></XMCDA>
"""
SCORES = """Team,Judge,Idea (0-10),Demo /5
A,J,8.5,4
A,K,7,N/A
B,J,6,3
B,K,9,5
"""
PAIRS = """Who,x vs y,x vs z,y vs z
A,2,4,2
B,1/2,1,-3
"""
WHOLE = {"pabulib": PB, "xmcda": XMCDA, "scores": SCORES, "pairwise": PAIRS}
PIECES = ("", "0", "-1", ";", ",", "\n", '"', "<", "NaN", "1e400", "9" * 40, "é", "\x00", "\ufeff")


def spoiled(text: str, dice: random.Random) -> bytes:
    """Return a text with a few pieces put in, taken out or doubled, in odd encodings at times."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((0, 1, 1, 3, 20)))
        text = text[:start] + dice.choice((*PIECES, text[start:end] * 2)) + text[end:]
    return text.encode(dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "latin-1")), "replace")


@pytest.mark.parametrize("name", WHOLE)
def test_a_spoiled_file_is_read_or_refused(name: str) -> None:
    reader = next(one for one in READERS if one.name == name)
    dice = random.Random(name)
    read, faults = 0, []
    for _ in range(400):
        file = Source(
            Path("f"), "f", spoiled(WHOLE[name], dice), Bounds(), answers={"negative": "first"}
        )
        try:
            if reader.recognises(file):
                reader.read(file, DAY)
                read += 1
        except InvalidStudyError as error:
            faults.append(error.problems)
    assert read > 0
    assert len(faults) > 20
    assert all(problem.where and problem.fact for told in faults for problem in told)
