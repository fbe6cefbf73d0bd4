"""Every kind of finding has words, and they say what it holds, in names."""

from __future__ import annotations

import pytest

import evaluator.questions  # noqa: F401  registers its kinds
from evaluator.agreement import findings as agreed
from evaluator.questions.funding import findings as funding
from evaluator.report.formatting.names import by_id, names_of
from evaluator.report.messages import WORDS as SAID
from evaluator.report.messages import plain, say
from evaluator.results import judgement as judged
from evaluator.results import provenance
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import KINDS, Finding, arguments, codes, findings_of
from evaluator.scoring import findings as scoring
from evaluator.uncertainty import findings as drawn
from tests.programme import WORDS

SCORED: tuple[tuple[Finding, str], ...] = (
    (scoring.LayersDescribed(("A", "B")), "layer A, B described"),
    (scoring.LayersAbsent(("B",)), "layer B is missing"),
    (scoring.NoLayer(), "no layer is described"),
    (scoring.Count(("targets",), 0, 1), "targets: 0, at least 1 needed"),
    (scoring.FactMissing("day", "illegible"), "day is missing: illegible"),
    (scoring.NoCall(), "the scenario states no call"),
    (scoring.Dated("day", "2026-06-30", "2026-07-01"), "day 2026-06-30, last day 2026-07-01"),
    (scoring.NoMember(), "no member is listed"),
    (scoring.MembersCleared(1), "the one member and whoever controls it are cleared"),
    (scoring.MembersCleared(3), "3 members and whoever controls them are cleared"),
    (
        scoring.MembersCleared(3, ("members", "owns")),
        "3 parties and whoever controls them are cleared",
    ),
    (
        scoring.OwnedFromBarred("a", 0.50006, 0.5),
        "a: 50.006 % is held from barred countries, through chains of owners; less than 50 % is",
    ),
    (
        scoring.OwnersNotKnown("a", 0.2, 0.7, 0.5),
        "a: of its owners 20 % to 70 % may be of barred countries, since not all are known; less",
    ),
    (scoring.NobodyNamed(("builds", "owns")), "nobody is named who builds or owns"),
    (scoring.RolesNamed((("builds", ("a", "b")), ("owns", ("c",)))), "builds: a, b; owns: c"),
    (scoring.NoModel(("C",)), "no model of layer C is described"),
    (
        scoring.ModelBars("C", "a", "CHN", "barred", True),
        "layer C, a: an open-weight model from CHN, barred",
    ),
    (scoring.ModelBars("C", "", "CHN", "barred", False), "layer C: a model from CHN, barred"),
    (
        scoring.ModelNotKnown("C", "a", "not stated"),
        "layer C, a: the origin of its model leaves it open: not stated",
    ),
    (scoring.ModelsCleared(("C",), ("USA", "FRA")), "models of layer C: from USA, FRA"),
    (scoring.ModelsCleared(("C",), ()), "models of layer C: none with open weights"),
    (scoring.Presumed("made", 0.51), "made is 0.51: presumed"),
    (scoring.ToBeShown("made", 0.49, "Why."), "made is 0.49: not presumed, to be shown: Why."),
    (
        scoring.HeadquartersMissing("top", "owned", "not stated"),
        "top (controls owned): where it has its headquarters is missing: not stated",
    ),
    (scoring.CountryFactMissing("a", "a", "POL", "barred"), "a: barred is not known of POL"),
    (scoring.CountryBars("a", "a", "POL", "barred", True), "a: headquarters in POL, barred: yes"),
    (scoring.AttributeHolds("content", 1.0), "content is 1"),
    (scoring.AttributeNotAmong("class", "x", ("y", "z")), "class is x, not one of y, z"),
    (scoring.AttributeBelow("content", 0.49, 0.51), "content is 0.49, below 0.51"),
    (scoring.AttributeAbove("cost", 15_200, 15_000), "cost is 15,200, above 15,000"),
    (scoring.Reviewed("passed", "Seen.", "register"), "Seen. (register)"),
    (scoring.Reviewed("unknown", "", ""), "a reviewer left it open"),
    (scoring.Reviewed("failed", "", ""), "a reviewer found: failed"),
    (scoring.NotReviewed("a model"), "no finding in evidence on: a model"),
    (scoring.NotKnown("empty cell"), "empty cell"),
    (scoring.NoRow("measures"), "no row in measures"),
    (scoring.NotRated(0, 2), "all recused"),
    (scoring.NotRated(1, 1), "the rating is empty, 1 recused"),
    (scoring.BeyondAnchors(), "outside the anchors of the value function"),
    (scoring.Panel(1, 1, 2), "1 rating; 1 of 2 evaluators has not rated; 2 recused"),
    (
        scoring.WeightingVariant("points", (("out_of", 100.0),), "von Winterfeldt & Edwards 1986"),
        "points out of 100; von Winterfeldt & Edwards 1986",
    ),
    (
        scoring.MethodVariant("waspas", "max", (("balance", 0.5),), "Zavadskas 2012"),
        "normalization by the greatest value, balance 0.5; Zavadskas 2012",
    ),
    (scoring.MethodVariant("weighted_sum", "none", (), "Fishburn 1967"), "no normalization; Fish"),
    (
        scoring.MethodVariant("electre_tri", "none", (("v", float("inf")),), "Yu 1992"),
        "no normalization, no veto; Yu 1992",
    ),
    (
        scoring.Inconsistent(
            agency="x", ratio=0.3741, limit=0.1, index="saaty", first="x.a", second="x.b",
            judged=5, implied=0.3333, size=3,
        ),
        "weights of x: the consistency ratio 0.374 is over 0.1 (random index saaty); look first at "
        "x.a against x.b: judged 5, the other judgements imply 0.333; of three judgements each",
    ),
    (
        scoring.InconsistentRespondents(
            agency="x", respondents=("r2", "r5"), ratios=(0.25, 1.2), limit=0.1, index="saaty",
            of=7, left_out=True,
        ),
        "weights of x: 2 of 7 respondents left out, their inconsistency is over 0.1 (random index "
        "saaty): r2 (0.250), r5 (1.200)",
    ),
    (
        scoring.InconsistentRespondents(
            agency="x", respondents=("r2",), ratios=(0.25,), limit=0.1, index="saaty", of=7,
            left_out=False,
        ),
        "weights of x: 1 of 7 respondents over the consistency ratio 0.1 (random index saaty), and",
    ),
    (scoring.NotAsked(False), "the criterion does not apply"),
    (scoring.NotAsked(True), "the criterion does not apply, what is stated does not count"),
    (scoring.NotApplicable("no goods"), "no goods"),
    (
        judged.Reweighted(3, 2),
        "3 performances of 2 packages are missing and do not count: the weights of the others are",
    ),
    (
        judged.LeftOutAsNotApplicable(1, 1),
        "1 performance of 1 package is not applicable and does not count: the weights of the",
    ),
    (judged.NothingCounts(("P1", "P2")), "nothing counts of P1, P2, which score 0"),
    (
        judged.TiesParted("x.a"),
        "of packages tied at the cut those with the higher value on x.a enter",
    ),
    (
        judged.TotalsCombined("median", 0.0),
        "ratings of several evaluators score the median of the totals that each gives over all "
        "criteria, so that what one criterion adds to a score is not known",
    ),
    (judged.PanelsCombined("median", 0.0), "ratings of several evaluators score the median"),
    (
        judged.PanelsCombined("trimmed", 0.2),
        "ratings of several evaluators score the mean of their values without the lowest and",
    ),
    (
        scoring.BeyondScale(agency="x", group="g", first="x.a", second="x.b", judged=12),
        "weights of x, g: x.a against x.b is 12, beyond the scale 1/9 to 9",
    ),
    (
        scoring.TiedForBest(agency="x", tied=("x.a", "x.b"), taken="x.b"),
        "weights of x: tied for best: x.a, x.b; x.b is taken as the best",
    ),
    (
        scoring.TiedForWorst(agency="x", tied=("x.a", "x.b"), taken="x.a"),
        "weights of x: tied for worst: x.a, x.b; x.a is taken as the worst",
    ),
    (
        provenance.MissingPerformance("P1", "x.a", scoring.NotKnown("empty cell")),
        "P1, x.a: missing (empty cell), scored 0",
    ),
    (provenance.PartlyRated("P1", "x.a", 1, 1), "P1, x.a: 1 of 2 evaluators has not rated"),
    (
        provenance.OutsideAnchors("P1", "x.a", 15_200.0, "people"),
        "P1, x.a: 15,200 people is outside the anchors of the value function",
    ),
    (
        provenance.LapsedAuthority("x.loan", "2026-12-31"),
        "x.loan: switched off, the authority of x.loan lapsed on 2026-12-31",
    ),
    (
        provenance.NotAppropriated("x", "none", "2026-10-01", None),
        "x: no appropriation since 2026-10-01, its tools give nothing",
    ),
    (
        provenance.NotAppropriated("x", "continuing", "2026-10-01", 0.5),
        "x: a continuing resolution since 2026-10-01, each tool gives at most 50 % of",
    ),
    (
        provenance.BesideEnvelope("x.loan", 6_500_000, "illustrative", "x.year", 3e6, "seen"),
        "x.loan: the envelope is $6.5 million (illustrative); beside it x.year: $3.0 million",
    ),
    (provenance.StatedState("none", "2026-10-01", None), "no appropriation from 2026-10-01"),
    (provenance.LimitWithoutCondition("x.cap", "x.r"), "x.cap: not applied, x.r is not known"),
    (
        provenance.RequirementOutsideItsDays("r", "2027-03-13", ""),
        "r: not asked, it holds from 2027-03-13",
    ),
    (provenance.StatedShares(("x", "y"), (0.75, 0.25)), "x 0.75, y 0.25"),
    (provenance.StatedBy("ahp"), "AHP"),
    (provenance.Closes("2026-06-30"), "closes 2026-06-30"),
    (provenance.LapsesOn("2026-12-31"), "to 2026-12-31"),
    (provenance.KnownDays("2026-07-15", "2027-01-02", 0), "2026-07-15 to 2027-01-02"),
    (
        provenance.KnownDays("2026-07-15", "2027-01-02", 2),
        "2026-07-15 to 2027-01-02; assumed adjournments: 2",
    ),
    (provenance.StatedValue(1_250.5, "money", "2026-01-01"), "1,250.5 USD from 2026-01-01"),
    (provenance.UnknownValue("not found"), "not found"),
    (provenance.HeldIn(""), "no column yet"),
    (provenance.StatedEnvelope(2_500_000), "2,500,000 USD"),
)  # fmt: skip


DRAWN: tuple[tuple[Finding, str], ...] = (
    (drawn.FixedShares("influence", ""), "influence: fixed at the stated shares"),
    (drawn.UniformOnSimplex("weights", "x"), "weights of x: uniform on the simplex, Dirichlet(1"),
    (
        drawn.UniformInOrder("weights", "x", "equal"),
        "weights of x: uniform on the shares in the stated order; those tied of equal weight",
    ),
    (
        drawn.UniformWithinBounds("weights", "x"),
        "weights of x: uniform on the shares within the stated bounds",
    ),
    (
        drawn.DirichletAround("influence", "", 0.28),
        "influence: Dirichlet: shares that sum to 1, drawn around those stated; the standard "
        "deviation of an equal share is 28 % of it",
    ),
    (drawn.TotalsDrawn(0, 0, 0), "evaluators: all totals as stated"),
    (
        drawn.TotalsDrawn(3, 1, 2),
        "evaluators: of totals 3 by several evaluators, drawn again from those of the panel "
        "(bootstrap); 1 by one evaluator alone, whose ratings are drawn as the others spread; 2 "
        "ratings not given, over all levels",
    ),
    (drawn.ValuesDrawn(4, 0, 0, 0, 0, 100), "values: all 4 values exact"),
    (
        drawn.ValuesDrawn(1_080, 12, 500, 3, 0, 100),
        "values: of 1,080 values 12 uniform over a range (missing ones over 0 to 100), 500 the "
        "mean of ratings drawn again from those of the panel (bootstrap), 3 the mean of a panel of "
        "one or with ratings missing, the others exact",
    ),
    (
        drawn.ValuesDrawn(4, 0, 0, 4, 0, 100),
        "values: of 4 values 4 the mean of a panel of one or with ratings missing",
    ),
    (
        drawn.PairsTold(30_000, 44_850, 0.9642),
        "of 44,850 pairs of packages whose order some draw turns round, 30,000 stand in "
        "pairwise_winning.csv; of the others the first is ahead in 96.4 % of the draws or more",
    ),
    (drawn.RankAcceptability(), "stochastic multicriteria acceptability analysis, SMAA-2"),
    (
        drawn.TiesShared(1e-10),
        "scores of a draw within 1e-10 of their scale of each other are tied",
    ),
    (
        agreed.KemenyNotSought(50, 40),
        "the Kemeny ranking is sought for up to 40 packages, and not for 50",
    ),
    (agreed.WeightsProportional(), "all agencies' weights differ in magnitude only: every"),
    (agreed.CriteriaRankedAlike(), "all agencies rank the criteria alike"),
    (agreed.SoleInfluence("x"), "x holds all the influence"),
    (agreed.KendallsW(), "Kendall W, corrected for ties"),
    (agreed.KemenyRanking(False), "Kemeny, strict order, ties count 1/2, agencies equal"),
    (
        agreed.KemenyRanking(True),
        "Kemeny, strict order, ties count 1/2, agencies weighted",
    ),
    (agreed.KendallTauB(), "Kendall tau-b"),
    (agreed.SpearmanRho(), "Spearman rho of mean ranks"),
    (agreed.BordaCount(), "Borda count"),
    (agreed.CopelandCount(), "Copeland, majority wins"),
    (agreed.ObjectsBelow((50.0, 50.0)), "score below 50"),
    (agreed.ObjectsBelow((50.0, 60.0)), "score below its own floor"),
    (agreed.ObjectsBelowMedian(), "score below the agency's own median"),
    (agreed.ObjectsOutside(3), "rank worse than 3"),
    (agreed.DominatedBy(False), "higher score with every agency"),
    (agreed.DominatedBy(True), "lower score with no agency, higher with one at least"),
    (agreed.DrivenApart(), "mean over packages"),
    (agreed.ViewMoved(), "who decides alone: an agency's score of that package goes to"),
    (agreed.LeftOut(), "who decides alone: an agency is left out"),
)


@pytest.mark.parametrize(
    ("found", "want"), SCORED + DRAWN, ids=lambda one: getattr(one, "code", "")
)
def test_a_finding_is_said(found: Finding, want: str) -> None:
    assert say(found, by_id(WORDS)).startswith(want)
    assert findings_of(codes([found]), arguments([found])) == (found,)


def test_every_kind_has_words() -> None:
    ours = {code: kind for code, kind in KINDS.items() if kind.__module__.startswith("evaluator.")}
    assert not [code for code, kind in ours.items() if kind not in SAID and not _base(kind)]
    told = {type(found) for found, _ in SCORED + DRAWN}
    rooms = (
        scoring.__name__,
        provenance.__name__,
        judged.__name__,
        drawn.__name__,
        agreed.__name__,
    )
    assert {k for k in KINDS.values() if k.__module__ in rooms and not _base(k)} == told


def _base(kind: type[Finding]) -> bool:
    return bool(kind.__subclasses__())


def test_words_are_in_names(baseline: Evaluation) -> None:
    names = names_of(baseline)
    found = provenance.LapsedAuthority("exim.direct_loan", "2026-12-31")
    words = "EXIM: Direct loan: switched off, the authority of EXIM lapsed on 2026-12-31"
    assert say(found, names) == words
    (data,) = plain([found], names)
    assert data == {"code": "lapsed_authority", "arguments": found.arguments, "words": words}


@pytest.mark.parametrize(
    ("finding", "told"),
    [
        (funding.CoreShares(1.0), "core: funded in every draw; out: in none; borderline"),
        (funding.CoreShares(0.9), "funded in at least 90 % of draws; out: in at most 10 %;"),
        (funding.BestUnderShareCaps("bloc", 1e-8), "of one bloc, 0.000001 % apart or more"),
    ],
)
def test_shares_are_told_as_they_are_meant(hand: Evaluation, finding: Finding, told: str) -> None:
    assert told in say(finding, names_of(hand))
