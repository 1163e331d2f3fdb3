package ramp

// Cause is why a ramp stands where it stands, by its kind: what [State.Why] says to people, for whoever must tell one reason
// from another. Zero: none of these, or not known because the state was journalled before causes were.
type Cause uint8

// The causes of a rollback, of a ramp that somebody stopped, and of one that waits for somebody.
const (
	NoCause      Cause = iota
	CalledWorse        // the evidence calls the candidate worse
	GuardBroken        // a guard beside the evidence is breached and says so
	RuleBroken         // one of the plan's thresholds is
	Blind              // there is nothing to judge by
	Overdue            // a step's time is over
	Somebody           // a person asked for it
	PlaneAnew          // a reload of the plane gave the candidate traffic again
	WantsConsent       // nothing holds the ramp back but an approval
)

var causeWords = [...]string{"", "worse", "guard", "rule", "no_data", "timeout", "person", "reload", "approval"}

// String returns the cause's word as it stands in the journal; empty: none.
func (c Cause) String() string {
	if int(c) < len(causeWords) {
		return causeWords[c]
	}
	return ""
}

// Harm tells whether the candidate itself is the reason: by evidence, or by a threshold that somebody wrote down before.
func (c Cause) Harm() bool { return c == CalledWorse || c == GuardBroken || c == RuleBroken }

// MarshalText writes the cause's word.
func (c Cause) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a cause's word. One that it does not know is none: a ramp that a later version began goes on all the
// same, because nothing of what a ramp may do hangs on its cause.
func (c *Cause) UnmarshalText(b []byte) error {
	*c = NoCause
	for i, w := range causeWords {
		if w == string(b) {
			*c = Cause(i)
		}
	}
	return nil
}
