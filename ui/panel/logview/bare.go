package logview

import "time"

// SetBare shows lines as they came, without masks, until a time; the zero time masks them again. It decides nothing: who
// hands out the lines refuses where the session may not see them.
func (l *Logs) SetBare(until time.Time) {
	if until.IsZero() {
		l.dress()
		return
	}
	l.bare = until
}

// Bare is until when lines are shown without masks; zero: they are masked.
func (l *Logs) Bare() time.Time { return l.bare }

// mask ends the time without masks when it is over.
func (l *Logs) mask(now time.Time) {
	if !l.bare.IsZero() && !now.Before(l.bare) {
		l.dress()
	}
}

// dress drops whatever came without masks: lines, marks and an opened line. The masked ones are asked for anew.
func (l *Logs) dress() {
	if l.bare.IsZero() {
		return
	}
	l.bare = time.Time{}
	if l.sel < len(l.lines) && !l.follow {
		l.stand(l.lines[l.sel].At, l.selected())
	}
	l.replace(nil)
	l.marks, l.opened = marks{}, nil
	l.tag++ // an answer without masks that is still on its way is nobody's
	l.pending = false
}
