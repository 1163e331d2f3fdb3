package sources

import (
	"fmt"
	"strings"
	"time"
)

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

// mostNamed bounds how many alerts a sentence names.
const mostNamed = 3

// Firing names the alerts that speak against giving the candidate more, in a sentence: those that fire and that nobody
// muted. What rampart itself raised is not among them: it knows its own call. Empty: there is none.
func (a Alerting) Firing() string {
	var names []string
	for _, x := range a.Alerts {
		if !x.Muted && !x.Ours {
			names = append(names, fmt.Sprintf("%v since %s", x.Name, x.Since.UTC().Format(time.TimeOnly)))
		}
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return "an alert fires: " + names[0]
	case n > mostNamed:
		names = append(names[:mostNamed], fmt.Sprintf("%d more", n-mostNamed))
	}
	return "alerts fire: " + strings.Join(names, ", ")
}
