//go:build integration

package alertmanager

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest/loopback"
)

// program finds Alertmanager, or ends the test: skipped by hand, failed where CI says that it must be there.
func program(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"prometheus-alertmanager", "alertmanager"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("alertmanager is not installed")
	}
	t.Skip("skipped: alertmanager is not installed (.ci/install brings it)")
	return ""
}

// started starts an Alertmanager that tells nobody, and returns where it is.
func started(t *testing.T) string {
	t.Helper()
	path, dir := program(t), t.TempDir()
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "alertmanager.yml")
	if err := os.WriteFile(config, []byte("route: {receiver: nobody, group_wait: 1s}\nreceivers: [{name: nobody}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, path, "--config.file="+config, "--storage.path="+dir, "--web.listen-address="+loopback.Addr(ports[0]), "--cluster.listen-address=")
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = said, said, 5*time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait()
		if b, err := os.ReadFile(said.Name()); err == nil && t.Failed() {
			t.Logf("alertmanager said:\n%s", b)
		}
	})
	return "http://" + loopback.Addr(ports[0])
}

// within asks until it holds or the time is over.
func within(t *testing.T, limit time.Duration, holds func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for {
		err := holds()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatal(err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func TestAlertmanager_TakesAnAlertShowsASilenceAndSeesItsEnd(t *testing.T) {
	at := started(t)
	r, err := New(Config{URL: at, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	m, err := ParseMatcher(`service="ranker"`)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := NewReader(Config{URL: at, Now: time.Now}, []Matcher{m})
	if err != nil {
		t.Fatal(err)
	}
	within(t, 20*time.Second, func() error { return r.Ready(t.Context()) })
	call := notice(sources.NoticeCall, sources.SeverityCritical)
	call.Text = `errors ×4.0, "limit" \x1b`
	other := call
	other.Key, other.Service = "prod/other/call", "other"
	for _, n := range []sources.Notice{call, other} {
		if err := r.Notify(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	within(t, 10*time.Second, func() error { return shows(t, reader, 1, false, 0) })

	silence(t, at, map[string]string{"alertname": "RampartCall"}, "ranker is known")
	within(t, 10*time.Second, func() error { return shows(t, reader, 1, true, 1) })
	silence(t, at, map[string]string{"service": "ranker", "dc": "a"}, "by its name")
	within(t, 10*time.Second, func() error { return shows(t, reader, 1, true, 2) })

	call.Resolved, call.At = true, time.Now()
	if err := r.Notify(t.Context(), call); err != nil {
		t.Fatal(err)
	}
	within(t, 10*time.Second, func() error { return shows(t, reader, 0, false, 1) })
}

// shows compares what concerns the service with what should.
func shows(t *testing.T, r *Reader, alerts int, muted bool, silences int) error {
	got, err := r.Alerting(t.Context())
	if err != nil {
		return err
	}
	if len(got.Alerts) != alerts || len(got.Silences) != silences || alerts > 0 && (got.Alerts[0].Muted != muted || !got.Alerts[0].Ours) {
		return fmt.Errorf("%d alerts and %d silences are shown, want %d and %d: %+v", len(got.Alerts), len(got.Silences), alerts, silences, got)
	}
	return nil
}

// silence mutes by labels that must be equal, as amtool does.
func silence(t *testing.T, at string, labels map[string]string, comment string) {
	t.Helper()
	matchers := make([]map[string]any, 0, len(labels))
	for name, value := range labels {
		matchers = append(matchers, map[string]any{"name": name, "value": value, "isRegex": false, "isEqual": true})
	}
	body, err := json.Marshal(map[string]any{
		"matchers": matchers, "startsAt": time.Now(), "endsAt": time.Now().Add(time.Hour), "createdBy": "ana", "comment": comment,
	})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(at+"/api/v2/silences", "application/json", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("silence: status %d", resp.StatusCode)
	}
}

func TestAlertmanager_SaysWhatIsWrongWithAnAlert(t *testing.T) {
	at := started(t)
	r, err := New(Config{URL: at, Labels: map[string]string{"not a name": "x"}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	within(t, 20*time.Second, func() error { return r.Ready(t.Context()) })
	if err := r.Notify(t.Context(), notice(sources.NoticeCall, sources.SeverityCritical)); err == nil || !strings.Contains(err.Error(), "not a name") {
		t.Errorf("said %v", err)
	}
}
