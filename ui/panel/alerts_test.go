package panel

import (
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestTraffic_ShowsAlertsAndSilencesAndNothingThatTheyWouldDo(t *testing.T) {
	f := *sample.Incident()
	at := f.At.Add(-time.Minute)
	f.Alerting = sources.Alerting{
		Alerts: []sources.Alert{
			{Name: sources.NewText("RankerErrors"), Severity: sources.NewText("page"), Summary: sources.NewText("errors \x1b[2J tripled"), Since: at},
			{Name: sources.NewText("RankerSlow"), Summary: sources.NewText("known"), Since: at, Muted: true},
		},
		Silences: []sources.Silence{{By: sources.NewText("ana"), Comment: sources.NewText("known since Monday"), Matchers: sources.NewText(`alertname="RankerSlow"`), From: at, To: f.At}},
	}
	text := (&Traffic{}).View(&f, part.State{Now: f.At}, part.Box{W: 160, H: 60}).String()
	for _, want := range []string{"RankerErrors", "page", `errors \x1b[2J tripled`, "muted · known", "silence by ana", "known since Monday", `alertname="RankerSlow"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not there:\n%s", want, text)
		}
	}
	if strings.ContainsRune(text, '\x1b') {
		t.Error("an escape came through")
	}
}
