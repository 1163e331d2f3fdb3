"""Draws three rollouts and works out, with NumPy and SciPy, what the judge must say of them.

Nothing is streamed here: every figure is computed from all blocks so far, each restart as a process of its own, the
confidence sequence by bisection of the exact sums. The Go tests of analysis/score read the tables and need no Python:

    python3 -m venv /tmp/stat && /tmp/stat/bin/pip install scipy==1.17.1 numpy==2.4.6
    /tmp/stat/bin/python testdata/judge/reference/reference.py testdata/judge/reference

NAME.jsonl is the dossier, NAME.want.jsonl what is wanted of its last block and of every fifth. The seed is fixed.
"""

import json
import math
import sys
from datetime import datetime, timedelta, timezone

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import invgauss

GRID = np.log([1.1, 1.25, 1.5, 2, 3, 5, 10])
START = np.array([0.02, 0.05, 0.10, 0.15, 0.20, 0.28, 0.20])
AGAIN = np.array([0.01, 0.02, 0.07, 0.30, 0.40, 0.18, 0.02])
SAFE = -np.log([1.25, 1.5, 2])
BEGIN = datetime(2026, 1, 5, 14, tzinfo=timezone.utc)


def log_mean(logs, weights=None):
    logs = np.ravel(logs)
    return float(logsumexp(logs, b=np.full(logs.shape, 1 / logs.size) if weights is None else weights))


def steps(bets, n_a, x_a, n_b, x_b, margin):
    pi = n_b * (1 + margin) / (n_a + n_b * (1 + margin))
    return bets * x_b - (x_a + x_b) * np.log(1 - pi + pi * np.exp(bets))


class Noise:
    """The divisor phi of a line, from the lines that are at least nine older."""

    def __init__(self, gate, bounded):
        self.gate, self.bounded = gate, bounded
        self.lines, self.num, self.den, self.events, self.requests = [], 0, 0, 0, 0

    def phi(self, n_a, n_b):
        old = self.lines[:-8]
        s, q, v2 = (sum(column) for column in zip(*((u * u - v, q, v * v) for u, v, q in old))) if old else (0, 0, 0)
        if q <= 0 or s / math.sqrt(q) <= self.gate:
            return 1.0
        p = self.events / self.requests
        return 1 + 2 * max(0, s) / (2 * v2 + 4) * p * (1 - p if self.bounded else 1) * n_a * n_b / (n_a + n_b)

    def add(self, n_a, x_a, n_b, x_b):
        n, x, r = n_a + n_b, x_a + x_b, (self.num + 2) / (self.den + 2)
        pi = n_b * r / (n_a + n_b * r)
        v = x * pi * (1 - pi) * (1 - x / n if self.bounded else 1)
        self.lines.append((x_b - x * pi, v, max(0, 2 * v * v + v * (1 - 6 * pi * (1 - pi)))))
        self.num, self.den = self.num + x_b * n_a / n, self.den + x_a * n_b / n
        self.events, self.requests = self.events + x, self.requests + n

    def ratio(self):
        return self.num / self.den if self.den > 0 else None

    def lag1(self):
        e = [u / math.sqrt(v) for u, v, _ in self.lines if v > 0.02]
        return sum(a * b for a, b in zip(e[1:], e)) / sum(a * a for a in e) if e else None


class Portfolio:
    """The start and eleven restarts, each with logarithms of its own."""

    def __init__(self, share, start, again):
        self.weights = [share * start] + [(1 - share) / 11 * again] * 11
        self.runs = [np.zeros(len(start))]

    def add(self, step, since):
        while len(self.runs) < 12 and since >= 300 * len(self.runs):
            self.runs.append(np.zeros(len(step)))
        for run in self.runs:
            run += step

    def log_e(self, slots=slice(None)):
        logs = np.concatenate([run[slots] for run in self.runs])
        parts = np.concatenate([w[slots] for w in self.weights])
        held = parts[len(logs) :].sum()
        return float(logsumexp(np.append(logs, 0), b=np.append(parts[: len(logs)], held)) - math.log(parts.sum()))


def interval(lines, alpha):
    lines = [line for line in lines if line[0] > 0 and line[2] > 0]
    if not lines:
        return 0, None

    def log_e(d, bets):
        sums = [steps(b, *np.array(lines, float).T, math.expm1(d)).sum() for b in bets]
        return log_mean(sums) - math.log(2 / alpha)

    lo = 0 if log_e(-7.6, GRID) < 0 else math.exp(brentq(log_e, -7.6, 7.6, args=(GRID,), xtol=1e-13))
    hi = None if log_e(7.6, -GRID) < 0 else math.exp(brentq(log_e, -7.6, 7.6, args=(-GRID,), xtol=1e-13))
    return lo, hi


class Errors:
    def __init__(self, m):
        self.m, self.noise, self.lines = m, Noise(1.28, False), []
        self.a1, self.safe, self.harm = np.zeros(7), np.zeros(3), Portfolio(0.5, START, AGAIN)

    def add(self, legacy, candidate, since):
        line = (legacy["requests"], legacy["errors"], candidate["requests"], candidate["errors"])
        self.phi = self.noise.phi(line[0], line[2])
        self.a1 += steps(GRID, *line, 0)
        self.harm.add(steps(GRID, *line, self.m["harm_margin"]) / self.phi, since)
        self.safe += steps(SAFE, *line, self.m["safe_margin"]) / self.phi
        self.noise.add(*line)
        self.lines.append(line)

    def log_safe(self):
        return log_mean(self.safe)

    def say(self, alpha):
        return {"a1": log_mean(self.a1)} | tell(self, self.noise, self.lines, alpha)


class Latency:
    def __init__(self, m):
        k = len(m["edges"])
        parts = np.append(0.85, np.full(7 * k, 0.15 / (7 * k)))
        self.m, self.harm, self.noise = m, Portfolio(0.85, parts, parts), [Noise(2.6, True) for _ in range(k)]
        self.a, self.b, self.b1 = np.zeros(k + 1), np.zeros(k + 1), 0
        self.b2, self.safe, self.lines, self.used = np.zeros((k, 7)), np.zeros((k, 3)), [[] for _ in range(k)], []

    def shares(self):
        pool = (self.a + self.b + 0.5) / (self.a.sum() + self.b.sum() + len(self.a) / 2)
        return (self.a + 50 * pool) / (self.a.sum() + 50), (self.b + 50 * pool) / (self.b.sum() + 50)

    def add(self, legacy, candidate, since):
        a, b = np.array(legacy["latency"], float), np.array(candidate["latency"], float)
        n_a, n_b = a.sum(), b.sum()
        theta_a, theta_b = self.shares()
        theta = (n_a * theta_a + n_b * theta_b) / (n_a + n_b)
        self.b1 += np.sum(a * np.log(theta_a / theta) + b * np.log(theta_b / theta))
        phis = [noise.phi(n_a, n_b) for noise in self.noise]
        rho, m = rising(theta_b / theta_a, theta_a), self.m["harm_margin"]
        g0 = (n_a + n_b) * rho[0] / (n_a + n_b * rho[0])
        f = (n_a + n_b + n_b * m * g0) / (n_a + n_b * (1 + m) * rho)
        step = [np.sum(a * np.log(f) + b * np.log(rho * f)) / max(phis)]
        for e, phi in enumerate(phis):
            line = (n_a, a[e + 1 :].sum(), n_b, b[e + 1 :].sum())
            self.b2[e] += steps(GRID, *line, 0)
            self.safe[e] += steps(SAFE, *line, self.m["safe_margin"]) / phi
            step.extend(steps(GRID, *line, m) / phi)
            self.noise[e].add(*line)
            self.lines[e].append(line)
        self.harm.add(np.array(step), since)
        self.a, self.b = self.a + a, self.b + b
        if len(self.lines[0]) == 20:
            self.used = [e for e, ls in enumerate(self.lines) if sum(l[1] for l in ls) >= 0.005 * self.a.sum()]

    def log_safe(self):
        return min((log_mean(self.safe[e]) for e in self.used), default=0)

    def say(self, alpha):
        e = int(np.argmax([self.harm.log_e(slice(1 + 7 * e, 8 + 7 * e)) for e in range(len(self.noise))]))
        return {"b1": self.b1, "b2": log_mean(self.b2), "edge": self.m["edges"][e]} | tell(self, self.noise[e], self.lines[e], alpha)


def rising(ratio, weight):
    """The ratios made non-decreasing: pool adjacent violators."""
    pools = []
    for r, w in zip(ratio, weight):
        pools.append((r, w, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (r2, w2, n2), (r1, w1, n1) = pools.pop(), pools.pop()
            pools.append(((r1 * w1 + r2 * w2) / (w1 + w2), w1 + w2, n1 + n2))
    return np.repeat([p[0] for p in pools], [p[2] for p in pools])


def tell(measure, noise, lines, alpha):
    lo, hi = interval(lines, alpha)
    out = {"log_e_harm": measure.harm.log_e(), "log_e_safe": measure.log_safe(), "rr": noise.ratio(), "rr_lo": lo, "rr_hi": hi}
    return out | {"n_legacy": int(sum(l[0] for l in lines)), "n_candidate": int(sum(l[2] for l in lines))}


class Burst:
    def __init__(self):
        self.lines, self.u_v, self.num, self.den, self.a, self.q = [], None, 0, 0, [], 0

    def add(self, line):
        self.lines.append(line)
        if len(self.lines) % 8:
            return
        n_a, x_a, n_b, x_b = np.sum(self.lines[-8:], axis=0)
        r, x = (self.num + 2) / (self.den + 2), x_a + x_b
        pi = n_b * r / (n_a + n_b * r)
        u, v = x_b - x * pi, x * pi * (1 - pi)
        if self.u_v and v > 0 and self.u_v[1] > 0:
            w = v * self.u_v[1] / (v + self.u_v[1])
            self.a.append((w * (u / v - self.u_v[0] / self.u_v[1])) ** 2 - w)
            self.q += 2 * w * w + w
        self.u_v = u, v
        self.num, self.den = self.num + x_b * n_a / (n_a + n_b), self.den + x_a * n_b / (n_a + n_b)

    def red(self):
        return bool(self.a) and (sum(self.a) - max(0, max(self.a))) / math.sqrt(1.25 * self.q) > 1


def forecast(e, weight, alpha):
    r, (n_a, _, n_b, _), m = e.noise.ratio(), e.lines[-1], e.m["harm_margin"]
    p = sum(l[1] for l in e.lines) / max(1, sum(l[0] for l in e.lines))
    if r is None or r <= 1 + m or p == 0 or n_a == 0 or n_b == 0:
        return None
    pi, d = n_b * (1 + m) / (n_a + n_b * (1 + m)), math.log(r / (1 + m))
    cost = math.log(1 - pi + pi * math.exp(d))
    mean = n_b * p * r * d - (n_a * p + n_b * p * r) * cost
    variance = n_b * p * r * (d - cost) ** 2 + n_a * p * cost * cost

    def blocks(at, room):
        level = math.log(1 / (alpha * weight)) + room - e.harm.log_e()
        mu, shape = level / mean, level * level / variance
        return invgauss.ppf(at, mu / shape, scale=shape) if level > 0 else 1

    lo = max(1, math.floor(blocks(0.08, 0.3)))
    return {"lo": lo, "hi": max(lo, math.ceil(blocks(0.92, 2)))}


def judge(header, blocks):
    alpha, specs = header["alpha"], header["measures"]
    measures = [(Errors if m["kind"] == "errors" else Latency)(m) for m in specs]
    weights, burst, path, split = np.array([m["weight"] for m in specs]), Burst(), [], np.zeros(14)
    both = np.concatenate([GRID, -GRID])
    begin, harm, safe = None, 0, 0
    for number, block in enumerate(blocks, 1):
        t = datetime.fromisoformat(block["t"].replace("Z", "+00:00"))
        begin = begin or t
        legacy, candidate, pi = block["legacy"], block["candidate"], block["share"]
        line = bool(legacy and candidate and legacy["requests"] + candidate["requests"])
        if line:
            for m in measures:
                m.add(legacy, candidate, (t - begin).total_seconds())
            if pi is not None:
                n = legacy["requests"] + candidate["requests"]
                split += both * candidate["requests"] - n * np.log(1 - pi + pi * np.exp(both))
            harm, safe = log_mean([m.harm.log_e() for m in measures], weights), min(m.log_safe() for m in measures)
            path.append(harm)
        e = next((m for m in measures if isinstance(m, Errors)), None)
        if line and e:
            burst.add(e.lines[-1])
        gain = max([0] + [l - (path[s - 8] if s >= 8 else 0) for s, l in enumerate(path)])
        red = (["confirmation"] if harm >= 1.5 and harm - gain < 1 else []) + (["burst"] if burst.red() else [])
        if number % 5 == 0 or number == len(blocks):
            yield {
                "block": number,
                "log_e": {"harm": harm, "safe": safe},
                "measures": {m.m["name"]: m.say(alpha) for m in measures},
                "gauges": {"dispersion": e.phi if line and e else None, "lag1": e.noise.lag1() if e else None, "srm_log_e": log_mean(split), "red": red},
                "forecast_blocks": forecast(e, e.m["weight"], alpha) if e else None,
            }


def cells(rng, n, median, edges, slow=0.0):
    x = np.exp(rng.normal(math.log(median), 0.6, n)) * np.where(rng.random(n) < slow, 10, 1)
    return [int(c) for c in np.histogram(x, [0, *edges, np.inf])[0]]


def draw(rng, header, count, share, rate, slow):
    """Blocks with Gamma noise in the errors of each arm, three scrapes missing in one, and a quarter of an hour left out."""
    edges = next((m["edges"] for m in header["measures"] if m["kind"] == "latency"), None)
    counts_errors = any(m["kind"] == "errors" for m in header["measures"])
    scrape = 0
    for i in range(count):
        scrape += 60 if i == count * 3 // 4 else 1
        n_b = int(rng.binomial(rng.poisson(750), share(i)))
        arms = []
        for n, p, s in ((750 - n_b, rate(i)[0], 0), (n_b, rate(i)[1], slow(i))):
            arm = {"requests": n}
            if counts_errors:
                arm["errors"] = int(rng.binomial(n, p * rng.gamma(2, 0.5)))
            if edges:
                arm["latency"] = cells(rng, n, 0.08 * math.exp(rng.normal(0, 0.1)), edges, s)
            arms.append(None if i in (13, 14, 15) and arms else arm)
        t = BEGIN + timedelta(seconds=15 * (scrape + 1))
        yield {"kind": "block", "t": t.strftime("%Y-%m-%dT%H:%M:%SZ"), "share": None if i % 30 == 0 else share(i), "legacy": arms[0], "candidate": arms[1]}


def header(name, measures):
    margins = {"harm_margin": 0, "safe_margin": 0.5}
    return {"kind": "dossier", "version": 1, "id": name, "alpha": 0.04, "step_seconds": 15, **margins, "measures": [margins | m for m in measures]}


ERRORS = {"name": "errors", "kind": "errors", "weight": 1}
LATENCY = {"name": "latency", "kind": "latency", "weight": 1, "edges": [0.05, 0.1, 0.25, 0.5, 1]}
ROLLOUTS = [
    # A ramp on which the candidate fails more often.
    (header("ramp", [ERRORS]), 160, lambda i: (0.01, 0.05, 0.25, 0.5)[i // 40], lambda i: (0.005, 0.011), lambda i: 0),
    # Two measures with margins of their own; one request in fifty slow from the middle on.
    (
        header("margins", [ERRORS | {"weight": 0.7, "harm_margin": 0.1, "safe_margin": 0.4}, LATENCY | {"weight": 0.3, "harm_margin": 0.25}]),
        120, lambda i: 0.3, lambda i: (0.01, 0.012), lambda i: 0.02 if i > 60 else 0,
    ),
    # Latency alone, at a small share, equal until late.
    (header("latency", [LATENCY]), 100, lambda i: 0.1, lambda i: (0, 0), lambda i: 0.01 if i > 70 else 0),
]


def rounded(x):
    if isinstance(x, dict):
        return {k: rounded(v) for k, v in x.items()}
    return float(f"{x:.12g}") if isinstance(x, float) else x


def main(folder):
    rng = np.random.default_rng(20260105)
    for head, count, share, rate, slow in ROLLOUTS:
        blocks = list(draw(rng, head, count, share, rate, slow))
        for suffix, lines in (("", [head, *blocks]), (".want", judge(head, blocks))):
            with open(f"{folder}/{head['id']}{suffix}.jsonl", "w", encoding="utf-8") as out:
                out.writelines(json.dumps(rounded(line), separators=(",", ":")) + "\n" for line in lines)


if __name__ == "__main__":
    main(sys.argv[1])
