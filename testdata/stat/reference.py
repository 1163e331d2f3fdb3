"""Writes reference.json: what SciPy and NumPy say on seeded random samples.

The Go tests of analysis/stat read the table and need no Python. To make it again:

    python3 -m venv /tmp/stat && /tmp/stat/bin/pip install scipy==1.17.1 numpy==2.4.6
    /tmp/stat/bin/python testdata/stat/reference.py > testdata/stat/reference.json

The seed is fixed: the same versions give the same bytes.
"""

import itertools
import json
import sys

import numpy as np
from scipy import special, stats

rng = np.random.default_rng(20260105)
cases = []


def case(test, want, **given):
    cases.append({"test": test, "given": given, "want": {k: float(v) for k, v in want.items()}})


def values(n, shape):
    """A sample with few digits, so that the table stays readable."""
    draw = {
        "normal": lambda: rng.normal(0, 1, n),
        "shifted": lambda: rng.normal(0.6, 1.7, n),
        "lognormal": lambda: rng.lognormal(0, 0.6, n),
        "latency": lambda: rng.lognormal(-2.5, 0.6, n),
        "tied": lambda: rng.integers(0, 9, n).astype(float),
        "large": lambda: rng.normal(1e9, 3, n),
        "tiny": lambda: rng.normal(0, 1e-9, n),
    }[shape]()
    digits = {"large": 3, "tiny": 13, "tied": 0}.get(shape, 4)
    return [round(float(v), digits) for v in draw]


def distinct(n, m, shift):
    both = rng.permutation(10 * (n + m))[: n + m] / 7.0
    return [float(v) for v in both[:n]], [float(v) + shift for v in both[n:]]


def near_zero(x):
    """Large values less their common offset, which the subtraction takes off
    without rounding: sums of squares around 1e9 would cost SciPy nine digits."""
    offset = 1e9 if np.min(x) > 1e8 else 0.0
    return np.asarray(x) - offset


def ks_case(x, y):
    k = stats.ks_2samp(x, y, method="exact")
    want = {"d": k.statistic, "p": k.pvalue}
    every = np.unique(np.r_[x, y])
    gaps = [sum(v <= e for v in x) * len(y) - sum(v <= e for v in y) * len(x) for e in every]
    top = [i for i, g in enumerate(gaps) if abs(g) == max(map(abs, gaps))]
    if len(top) == 1:
        want |= {"at": k.statistic_location, "sign": k.statistic_sign}
    case("ks exact", want, x=x, y=y)
    return k


def two_samples():
    shapes = ["normal", "shifted", "lognormal", "latency", "tied", "large", "tiny"]
    for shape in shapes:
        other = {"normal": "shifted", "lognormal": "latency"}.get(shape, shape)
        for m, n in [(5, 4), (12, 30), (41, 60)]:
            yield values(m, shape), values(n, other)


def rank_and_mean_tests():
    for x, y in two_samples():
        w = stats.ttest_ind(near_zero(x), near_zero(y), equal_var=False)
        ci = w.confidence_interval(0.95)
        case("welch", {"t": w.statistic, "df": w.df, "p": w.pvalue, "lo": ci.low, "hi": ci.high}, x=x, y=y)
        u = stats.mannwhitneyu(x, y, method="asymptotic", use_continuity=True)
        case("mann-whitney asymptotic", {"u": u.statistic, "p": u.pvalue}, x=x, y=y)
        case("cliff", {"delta": 2 * u.statistic / (len(x) * len(y)) - 1}, x=x, y=y)
        k = ks_case(x, y)
        limit = special.kolmogorov(k.statistic * np.sqrt(len(x) * len(y) / (len(x) + len(y))))
        case("ks asymptotic", {"d": k.statistic, "p": limit}, x=x, y=y)
        case("wasserstein", {"w1": stats.wasserstein_distance(x, y)}, x=x, y=y)
        differences = np.sort(np.subtract.outer(x, y).ravel())
        case("hodges-lehmann", {"shift": np.median(differences)}, x=x, y=y)
        wx, wy = [[round(float(v), 3) for v in rng.gamma(2, 1, len(s)) + 0.001] for s in (x, y)]
        case("wasserstein weighted", {"w1": stats.wasserstein_distance(x, y, wx, wy)}, x=x, y=y, wx=wx, wy=wy)
        a, b = near_zero(x), near_zero(y)
        pooled = np.sqrt((np.var(a, ddof=1) * (len(a) - 1) + np.var(b, ddof=1) * (len(b) - 1)) / (len(a) + len(b) - 2))
        case("cohen", {"d": (np.mean(a) - np.mean(b)) / pooled}, x=x, y=y)
        qs = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1]
        case("quantiles", {f"{q:g}": np.quantile(x, q) for q in qs}, x=x, q=qs)


def exact_rank_tests():
    for m, n in [(1, 1), (1, 7), (3, 5), (8, 8), (15, 11), (30, 40), (100, 90), (2, 300)]:
        for shift in (0, (m + n) / 3, 2.0 * (m + n)):
            x, y = distinct(m, n, shift)
            u = stats.mannwhitneyu(x, y, method="exact")
            case("mann-whitney exact", {"u": u.statistic, "p": u.pvalue}, x=x, y=y)
            ks_case(x, y)


def paired_tests():
    for n in (1, 2, 5, 12, 30, 80):
        for shift in (0, 0.4):
            x, y = values(n, "normal"), [v + shift for v in values(n, "normal")]
            w = stats.wilcoxon(x, y, method="exact")
            case("wilcoxon exact", {"w": w.statistic, "p": w.pvalue}, x=x, y=y)
            if n >= 5:
                for a, b in ((x, y), (values(n, "tied"), values(n, "tied"))):
                    w = stats.wilcoxon(a, b, correction=True, method="asymptotic")
                    case("wilcoxon asymptotic", {"w": w.statistic, "p": w.pvalue}, x=a, y=b)


def group_tests():
    for shape, sizes in itertools.product(["normal", "lognormal", "tied", "large"], [(4, 6), (9, 5, 14), (20, 30, 25, 40)]):
        groups = [values(n, shape) for n in sizes]
        groups[-1] = [v + 1 for v in groups[-1]]
        f = stats.f_oneway(*map(near_zero, groups))
        case("anova", {"f": f.statistic, "p": f.pvalue}, groups=groups)
        k = stats.kruskal(*groups)
        case("kruskal", {"h": k.statistic, "p": k.pvalue}, groups=groups)


def tables():
    for rows, columns, mean in [(2, 2, 30), (2, 3, 20), (2, 11, 400), (4, 5, 12)]:
        for _ in range(3):
            t = (rng.poisson(mean, (rows, columns)) + 1).tolist()
            c = stats.chi2_contingency(t, correction=False)
            case("chi-squared", {"x2": c.statistic, "p": c.pvalue, "df": c.dof}, rows=t)
            shares = rng.dirichlet(np.full(columns, 20.0))
            g = stats.chisquare(t[0], shares * (sum(t[0]) / shares.sum()))
            case("goodness of fit", {"x2": g.statistic, "p": g.pvalue}, observed=t[0], weights=shares.tolist())
    for mean in ((2, 3, 4, 5), (40, 5, 30, 9), (7000, 70, 70, 2), (99000, 500, 98000, 530), (500, 9, 3, 400)):
        for _ in range(4):
            t = rng.poisson(mean).reshape(2, 2)
            f = stats.fisher_exact(t)
            case("fisher", {"p": f.pvalue}, table=t.tolist())
    for hits, n in [(0, 10), (3, 10), (10, 10), (50, 10000), (4999, 9000)]:
        for confidence in (0.9, 0.95, 0.999):
            ci = stats.binomtest(hits, n).proportion_ci(confidence, method="wilson")
            case("wilson", {"lo": ci.low, "hi": ci.high}, hits=hits, n=n, confidence=confidence)


def distances():
    for k, n in [(2, 50), (4, 1000), (10, 300), (30, 100000)]:
        for _ in range(3):
            p = rng.dirichlet(np.full(k, 5.0))
            q = rng.dirichlet(p * 200 + 1)
            a, b = rng.multinomial(n, p) + 1.0, rng.multinomial(2 * n, q) + 1.0
            p, q = a / a.sum(), b / b.sum()
            want = {
                "psi": np.sum((p - q) * np.log(p / q)),
                "js_nats": js(p, q),
                "js_bits": js(p, q, 2),
                "kl": stats.entropy(p, q),
                "kl_bits": stats.entropy(p, q, 2),
                "hellinger": np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2) / 2),
                "tv": np.abs(p - q).sum() / 2,
            }
            case("divergence", want, a=a.tolist(), b=b.tolist())
    cells_case()


def js(p, q, base=None):
    from scipy.spatial.distance import jensenshannon

    return jensenshannon(p, q, base)


def cells_case():
    """W1 of bucketed data by dense sampling of the straight-line CDFs."""
    edges = [0.0, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0]
    for _ in range(4):
        a, b = (np.r_[0, rng.multinomial(5000, rng.dirichlet(np.full(8, 2.0))), 0] for _ in range(2))
        fa, fb = np.cumsum(a)[:-1] / a.sum(), np.cumsum(b)[:-1] / b.sum()
        total = 0.0
        for i in range(len(edges) - 1):
            t = (np.arange(200000) + 0.5) / 200000
            g = (fa - fb)[i] * (1 - t) + (fa - fb)[i + 1] * t
            total += np.abs(g).mean() * (edges[i + 1] - edges[i])
        case("wasserstein cells", {"w1": total}, edges=edges, a=a.tolist(), b=b.tolist())


def planning():
    for n in (3, 15, 40):
        p = [round(float(v), 6) for v in rng.beta(0.4, 2, n)]
        bh = stats.false_discovery_control(p, method="bh")
        case("benjamini-hochberg", {str(i): v for i, v in enumerate(bh)}, p=p)


rank_and_mean_tests()
exact_rank_tests()
paired_tests()
group_tests()
tables()
distances()
planning()
rows = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
sys.stdout.write('{"scipy":"1.17.1","numpy":"2.4.6","cases":[\n' + rows + "\n]}\n")
