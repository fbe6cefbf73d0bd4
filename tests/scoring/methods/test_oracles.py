"""Agreement with scikit-criteria, pymcdm and pyrepo-mcda on 200 random matrices."""

import numpy as np
import pymcdm.methods as pymcdm
import pymcdm.normalizations as pymcdm_norm
import pyrepo_mcda.mcda_methods as pyrepo
import pyrepo_mcda.normalizations as pyrepo_norm
import pyrepo_mcda.promethee_preference_functions as pyrepo_preference
import pytest
import skcriteria as skc
from skcriteria.agg.simple import WeightedProductModel, WeightedSumModel
from skcriteria.agg.topsis import TOPSIS
from skcriteria.agg.vikor import VIKOR
from skcriteria.agg.waspas import WASPAS
from skcriteria.preprocessing.invert_objectives import (
    BenefitCostInverter,
    InvertMinimize,
    MinMaxInverter,
    NegateMinimize,
)
from skcriteria.preprocessing.scalers import SumScaler, VectorScaler

from evaluator.scoring.methods.additive import waspas, weighted_product, weighted_sum
from evaluator.scoring.methods.distance import topsis, vikor
from evaluator.scoring.methods.promethee import promethee

# pymcdm warns of each alternative that is best or worst on every criterion.
pytestmark = pytest.mark.filterwarnings("ignore:Alternatives with indices:UserWarning")

# One name, two variants: pymcdm and pyrepo call "max" another rule (1 - x/max for cost); what is
# max here, min/x for cost, is "linear" there.
PYMCDM = {
    "max": pymcdm_norm.linear_normalization,
    "minmax": pymcdm_norm.minmax_normalization,
    "sum": pymcdm_norm.sum_normalization,
    "vector": pymcdm_norm.vector_normalization,
}
PYREPO = {
    "max": pyrepo_norm.linear_normalization,
    "minmax": pyrepo_norm.minmax_normalization,
    "sum": pyrepo_norm.sum_normalization,
    "vector": pyrepo_norm.vector_normalization,
}
SKCRITERIA = {
    "max": (BenefitCostInverter(),),
    "minmax": (MinMaxInverter(),),
    "sum": (InvertMinimize(), SumScaler(target="matrix")),
}


def random_problem(seed):
    generator = np.random.default_rng(seed)
    n, m = generator.integers(3, 13), generator.integers(2, 8)
    matrix = generator.uniform(1, 100, (n, m))
    weights = generator.dirichlet(np.ones(m))
    return matrix, weights, generator.choice([-1, 1], m)


PROBLEMS = [random_problem(seed) for seed in range(200)]


def skcriteria_evaluate(method, transformers, matrix, weights, directions):
    table = skc.mkdm(matrix=matrix, weights=weights, objectives=directions)
    for transformer in transformers:
        table = transformer.transform(table)
    return method.evaluate(table).e_


def agree(ours, *theirs):
    for other in theirs:
        np.testing.assert_allclose(ours, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("normalization", ["max", "minmax", "sum", "vector"])
def test_weighted_sum(normalization):
    for problem in PROBLEMS:
        ours = weighted_sum(*problem, normalization=normalization).scores
        agree(
            ours,
            pymcdm.WSM(PYMCDM[normalization])(*problem),
            pyrepo.SAW(PYREPO[normalization])(*problem),
        )
        if normalization in SKCRITERIA:  # its VectorScaler does not turn cost columns
            found = skcriteria_evaluate(WeightedSumModel(), SKCRITERIA[normalization], *problem)
            agree(ours, found.score)


@pytest.mark.parametrize("normalization", ["max", "sum", "vector"])
def test_weighted_product(normalization):
    for problem in PROBLEMS:
        ours = weighted_product(*problem, normalization=normalization).scores
        # pyrepo has the product only as WASPAS with lambda = 0.
        product = pyrepo.WASPAS(PYREPO[normalization], lambda_param=0)
        agree(ours, pymcdm.WPM(PYMCDM[normalization])(*problem), product(*problem))
        if normalization in SKCRITERIA:
            found = skcriteria_evaluate(WeightedProductModel(), SKCRITERIA[normalization], *problem)
            agree(ours, 10**found.score)  # it returns decimal logarithms


@pytest.mark.parametrize("balance", [0.0, 0.3, 0.5, 1.0])
def test_waspas(balance):
    for problem in PROBLEMS:
        ours = waspas(*problem, balance=balance).scores
        theirs = skcriteria_evaluate(WASPAS(lambda_value=balance), SKCRITERIA["max"], *problem)
        agree(
            ours,
            pymcdm.WASPAS(PYMCDM["max"], l=balance)(*problem),
            pyrepo.WASPAS(PYREPO["max"], lambda_param=balance)(*problem),
            theirs.score,
        )


@pytest.mark.parametrize("normalization", ["vector", "minmax", "max", "sum"])
def test_topsis(normalization):
    # scikit-criteria: -x / length for cost is 1 - x / length, moved: distances do not change.
    transformers = {**SKCRITERIA, "vector": (NegateMinimize(), VectorScaler(target="matrix"))}
    for problem in PROBLEMS:
        ours = topsis(*problem, normalization=normalization).scores
        theirs = skcriteria_evaluate(TOPSIS(), transformers[normalization], *problem)
        agree(
            ours,
            pymcdm.TOPSIS(PYMCDM[normalization])(*problem),
            pyrepo.TOPSIS(PYREPO[normalization])(*problem),
            theirs.similarity,
        )


@pytest.mark.parametrize("v", [0.0, 0.5, 0.8])
def test_vikor(v):
    for problem in PROBLEMS:
        ours = vikor(*problem, v=v)
        theirs = skcriteria_evaluate(VIKOR(v=v, use_compromise_set=False), (), *problem)
        agree(ours.Q, pymcdm.VIKOR(v=v)(*problem), pyrepo.VIKOR(v=v)(*problem), theirs.q_k)
        agree(ours.S, theirs.s_k)
        agree(ours.R, theirs.r_k)
        assert ours.acceptable_advantage == theirs.acceptable_advantage
        # With v = 1 or 0 the leader by Q leads one measure by construction; ties by Q (v = 0 and
        # equal regrets) are where scikit-criteria grants an advantage and we do not; none here.
        assert ours.acceptable_stability == theirs.acceptable_stability
        assert np.flatnonzero(ours.compromise).tolist() == theirs.compromise_set.tolist()


PIECEWISE = {
    "usual": ("usual", pyrepo_preference.preference_usual_function),
    "u_shape": ("ushape", pyrepo_preference.preference_ushape_function),
    "v_shape": ("vshape", pyrepo_preference.preference_vshape_function),
    "level": ("level", pyrepo_preference.preference_level_function),
    "linear": ("vshape_2", pyrepo_preference.preference_linear_function),
}
USES = {"usual": "", "u_shape": "q", "v_shape": "p", "level": "qp", "linear": "qp"}


def random_thresholds(seed, m):
    generator = np.random.default_rng(1000 + seed)
    q = generator.uniform(1, 20, m)
    return {"q": q, "p": q + generator.uniform(5, 40, m)}


@pytest.mark.parametrize("preference", PIECEWISE)
def test_promethee(preference):
    theirs, function = PIECEWISE[preference]
    for seed, problem in enumerate(PROBLEMS):
        m = problem[0].shape[1]
        thresholds = random_thresholds(seed, m)
        used = {name: thresholds[name] for name in USES[preference]}
        ours = promethee(*problem, preference=preference, **used).net
        # A new object for each call: pymcdm's consumes its preference functions in the first.
        agree(
            ours,
            pymcdm.PROMETHEE_II(theirs, **{name: list(used[name]) for name in used})(*problem),
            pyrepo.PROMETHEE_II()(*problem, [function] * m, **thresholds),
        )


def test_promethee_gaussian():
    # pyrepo is the only one of the three that has it, with s = (p + q) / 2; the example of the
    # 1986 paper is the second witness.
    for seed, problem in enumerate(PROBLEMS):
        m = problem[0].shape[1]
        thresholds = random_thresholds(seed, m)
        s = (thresholds["p"] + thresholds["q"]) / 2
        functions = [pyrepo_preference.preference_gaussian_function] * m
        theirs = pyrepo.PROMETHEE_II()(*problem, functions, **thresholds)
        agree(promethee(*problem, preference="gaussian", s=s).net, theirs)


def test_pyrepo_vikor_counts_a_constant_criterion_in_regret():
    # A finding: for a constant column pyrepo measures from 1 to 0 whatever the values, so that a
    # column of zeros adds its weight to everybody's S and R, and R no longer sees the other
    # criteria. A criterion on which all are equal can put nobody behind: here it adds 0.
    matrix = np.array([[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]])
    weights, directions = np.array([0.3, 0.7]), np.array([1, 1])
    ours = vikor(matrix, weights, directions)
    # f = 3, 2, 1 from best to worst: 0, 1/2, 1 times .3.
    np.testing.assert_allclose(ours.R, [0, 0.15, 0.3], atol=1e-15)
    np.testing.assert_allclose(ours.Q, [0, 0.5, 1])
    theirs = pyrepo.VIKOR(v=0.0)(matrix, weights, directions)
    assert np.ptp(theirs) == 0, "pyrepo-mcda has changed: use it for constant columns again"
