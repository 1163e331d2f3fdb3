package seq

import "time"

// ErrorsConfig sets up [Errors]. Its zero value judges at margins 0 with the default bets.
type ErrorsConfig struct {
	HarmMargin float64 // WORSE: the candidate's rate is above (1 + HarmMargin) times legacy's
	SafeMargin float64 // SAFE: it is below (1 + SafeMargin) times
	// Start and Restart weigh the same ratios; both zero for the defaults.
	Start, Restart Bets
	// Audit keeps the raw evidence and the confidence sequence, which no decision needs and which cost most of the time.
	Audit bool
	// Promotion keeps the evidence that automatic promotion asks for.
	Promotion bool
}

// Errors judges one pair of error counts, line by line; a line is a block in which both arms were scraped.
//
// WORSE is a [Portfolio] of bets on the default grid, half of it from the first block and half restarting every five
// minutes of the first hour, with each block's evidence divided by phi of [Dispersion]. SAFE is a [RateRatio] with
// mirrored bets, without restarts, divided alike. The delay that the repair costs at RR 2 to 5 is below a minute, and
// Gamma noise that makes the raw portfolio wrong in 15 % of runs makes it wrong in 7 %.
type Errors struct {
	config   ErrorsConfig
	bets     Bets
	cost     []float64
	step     []float64
	harm     *Portfolio
	cusum    *Cusum
	schedule Schedule
	safe     *RateRatio
	promote  *RateRatio // SAFE with the larger of two divisors
	noise    *Dispersion
	noise8   *Dispersion
	group    eight
	raw      *RateRatio
	interval *Interval
	burst    Burst
	lag      Lag
	sum      Block
	last     Block
	phi      float64
	lines    int
	one      [1]Block
}

// NewErrors starts without evidence.
func NewErrors(c ErrorsConfig) *Errors {
	if c.Start.Len() == 0 || c.Restart.Len() != c.Start.Len() {
		c.Start, c.Restart = StartBets(), RestartBets()
	}
	n := c.Start.Len()
	e := &Errors{
		config: c, bets: c.Start, cost: make([]float64, n), step: make([]float64, n), schedule: ErrorsSchedule(), phi: 1,
		safe:  NewRateRatio(c.SafeMargin, SafeBets()),
		noise: NewDispersion(errorsRule()),
		cusum: NewCusum(c.Restart.weight),
	}
	e.harm = NewPortfolio(e.schedule, c.Start.weight, c.Restart.weight)
	if c.Promotion {
		e.promote = NewRateRatio(c.SafeMargin, SafeBets())
		e.noise8 = NewDispersion(errorsEightRule())
	}
	if c.Audit {
		e.raw = NewRateRatio(0, Grid())
		e.interval = NewInterval(NewNodes(), Grid())
	}
	return e
}

// Add takes one line in; since is from the begin of the rollout's first block to the begin of this one. The block must
// pass [Block.Check].
func (e *Errors) Add(b Block, since time.Duration) {
	e.one[0] = b
	e.AddStrata(e.one[:], since)
}

// AddStrata takes one line in whose requests are split, as by route: each stratum is compared within itself, and the
// evidence adds up as over lines, so that an arm that gets more of a bad route is not called worse for it. The null
// hypothesis is that of every stratum. How they are split may depend on requests, never on this line's errors.
func (e *Errors) AddStrata(strata []Block, since time.Duration) {
	sum, both := Block{}, 0.0
	for _, b := range strata {
		sum = sum.Plus(b)
		both += pairs(b.LegacyN, b.CandidateN)
	}
	e.phi = e.noise.phi(e.noise.Excess(), both)
	e.harm.Release(since)
	e.bet(strata, since)
	if e.promote != nil {
		e.watchEights(strata, sum, both)
	}
	e.noise.begin()
	for _, b := range strata {
		if e.config.Audit {
			e.raw.Add(b, 1)
			e.interval.grid.Load(b.LegacyN, b.CandidateN)
			e.interval.Add(b)
		}
		e.noise.take(b)
	}
	e.noise.end()
	e.lag.Add(e.noise.UV())
	e.burst.Add(sum)
	e.sum, e.last = e.sum.Plus(sum), sum
	e.lines++
}

// bet moves the wealth of WORSE and SAFE. Without events nobody wins or loses.
func (e *Errors) bet(strata []Block, since time.Duration) {
	clear(e.step)
	for _, b := range strata {
		if x := b.Events(); x > 0 {
			e.bets.costs(e.cost, b.share(1+e.config.HarmMargin))
			e.bets.add(e.step, e.cost, b.CandidateX, x)
		}
		e.safe.Add(b, e.phi)
	}
	e.harm.Add(e.step, e.phi)
	if since >= e.schedule.End() {
		e.cusum.Add(e.step, e.phi)
	}
}

// watchEights moves the evidence for promotion, whose divisor also knows noise that lasts longer than a scrape.
func (e *Errors) watchEights(strata []Block, sum Block, both float64) {
	phi := max(e.phi, e.noise.phi(float64(spell*e.noise8.Excess()), both))
	for _, b := range strata {
		e.promote.Add(b, phi)
	}
	if sum, full := e.group.add(sum); full {
		e.noise8.Add(sum)
	}
}

// LogHarm is the evidence for WORSE, ln E.
func (e *Errors) LogHarm() float64 { return e.harm.LogE() }

// LogSafe is the evidence for SAFE, ln E.
func (e *Errors) LogSafe() float64 { return e.safe.LogE() }

// LogPromotion is the evidence for SAFE that automatic promotion starts from; [Gain] takes its best spell off. 0 unless
// asked for.
func (e *Errors) LogPromotion() float64 {
	if e.promote == nil {
		return 0
	}
	return e.promote.LogE()
}

// LogRaw is the evidence of the default grid with equal weights at margin 0, without restarts or repair, kept for audit.
func (e *Errors) LogRaw() float64 {
	if e.raw == nil {
		return 0
	}
	return e.raw.LogE()
}

// LogCusum is the warning for onsets after the last restart's time; it holds an average run length, no alpha.
func (e *Errors) LogCusum() float64 { return e.cusum.LogM() }

// Phi is the divisor of the last line's evidence.
func (e *Errors) Phi() float64 { return e.phi }

// Lag1 is the correlation of neighbouring lines, for display.
func (e *Errors) Lag1() (rho, limit float64, known bool) { return e.lag.Value() }

// Burst is the gauge that tells bursts private to one arm.
func (e *Errors) Burst() *Burst { return &e.burst }

// Lines is the number of blocks judged, Sum their counts.
func (e *Errors) Lines() int { return e.lines }

// Sum are the counts of all blocks judged.
func (e *Errors) Sum() Block { return e.sum }

// Ratio is the Mantel-Haenszel ratio so far.
func (e *Errors) Ratio() (ratio float64, known bool) { return e.noise.ratio.Ratio() }

// Interval is the confidence sequence of the ratio now; only with Audit.
func (e *Errors) Interval(alpha float64) (lo, hi float64, bounded bool) {
	if e.interval == nil {
		return 0, 0, false
	}
	return e.interval.Ratio(alpha)
}

// Sequence is what [Errors.Interval] is found from; nil without Audit.
func (e *Errors) Sequence() *Interval { return e.interval }

// Forecast is the range of blocks to WORSE at the ratio in hand, when need is ln(1/(alpha w)).
func (e *Errors) Forecast(need float64) (lo, hi float64, known bool) {
	return e.ForecastAt(need, e.last.LegacyN, e.last.CandidateN)
}

// ForecastAt is the same if the blocks to come have these requests, as they would at another share.
func (e *Errors) ForecastAt(need, legacyN, candidateN float64) (lo, hi float64, known bool) {
	ratio, known := e.Ratio()
	if !known || e.sum.LegacyN == 0 {
		return 0, 0, false
	}
	return ForecastInput{
		Ratio: ratio, Rate: e.sum.LegacyX / e.sum.LegacyN, LegacyN: legacyN, CandidateN: candidateN,
		Margin: e.config.HarmMargin, Need: need, LogE: e.LogHarm(),
	}.Blocks()
}

// Last are the counts of the newest line.
func (e *Errors) Last() Block { return e.last }

// MarshalBinary saves all evidence and gauges.
func (e *Errors) MarshalBinary() ([]byte, error) { return save(e) }

// UnmarshalBinary goes on from what was saved with the same config.
func (e *Errors) UnmarshalBinary(b []byte) error { return restore(e, b) }

func (e *Errors) state(c *codec) {
	for _, s := range []stateful{e.harm, e.cusum, e.safe, e.noise, &e.burst, &e.lag} {
		s.state(c)
	}
	if e.promote != nil {
		e.promote.state(c)
		e.noise8.state(c)
		e.group.state(c)
	}
	if e.raw != nil {
		e.raw.state(c)
		e.interval.state(c)
	}
	c.block(&e.sum)
	c.block(&e.last)
	c.floats(&e.phi)
	c.ints(&e.lines)
}
