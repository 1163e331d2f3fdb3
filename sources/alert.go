package sources

import "time"

// Alert is something that an alerting system says of a service.
type Alert struct {
	ID       string // the same as long as it fires
	Name     Text
	Severity Text
	Summary  Text
	Since    time.Time
	Muted    bool // nobody is told of it: silenced or inhibited
	Ours     bool // rampart itself raised it
}

// Silence is somebody's word that alerts are not to be told for a while.
type Silence struct {
	ID       string
	By       Text
	Comment  Text
	Matchers Text // as the alerting system's users write them
	From, To time.Time
}

// Alerting is what an alerting system says of a service at one instant, the oldest first.
type Alerting struct {
	At       time.Time
	Alerts   []Alert
	Silences []Silence
	Notes    []Note // such as that there are more
}
