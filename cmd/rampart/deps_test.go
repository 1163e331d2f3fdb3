package main

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// street says which of our packages each package may import, as anchored patterns below the module. A package that is
// missing here is a decision not yet made, and fails.
var street = []struct{ pkg, may, why string }{
	{`themes`, ``, "themes are data"},
	{`sources`, ``, "nouns of the outside import the standard library only"},
	{`sources/sourcetest`, `sources`, "one proof shared by all adapters"},
	{`sources/sourcetest/loopback`, ``, "ports for the programs that tests start"},
	{`sources/road`, `sources`, "what every way over HTTP shares"},
	{`sources/process`, `sources`, "another program, run once and got back"},
	{`sources/demo/world`, ``, "the world is pure"},
	{`sources/demo/fault`, ``, "faults that a server can be told to have"},
	{`sources/demo/\w+server`, `sources/demo/(world|fault)`, "a server speaks its protocol about the world"},
	{`sources/demo`, `sources/demo/\w+`, "the demo wires its parts"},
	{`sources/plane`, `sources`, "what all planes of one share have in common"},
	{`sources/plane/protocol`, `sources|sources/plane`, "one protocol for planes of your own"},
	{`sources/plane/exec`, `sources|sources/(plane|process)|sources/plane/protocol`, "one protocol, over another program"},
	{`sources/plane/webhook`, `sources|sources/plane|sources/plane/protocol|sources/road`, "one protocol, over HTTP"},
	{`sources/plane/envoy`, `sources|sources/(plane|road)`, "a plane over Envoy's admin interface"},
	{`sources/plane/file`, `sources|sources/(plane|process)`, "a file, and the programs that check and load it"},
	{`sources/notify`, `sources|sources/road`, "what all receivers have in common: a road that keeps secrets, and the document"},
	{`sources/notify/command`, `sources|sources/(notify|process)`, "a receiver that is another program"},
	{`sources/(notify/\w+|alertmanager)`, `sources|sources/notify|sources/road`, "receivers never import each other"},
	{`sources/rawjson`, ``, "where a value of JSON ends, whoever asks"},
	{`sources/(prom|elastic)`, `sources|sources/(group|rawjson|road)`, "adapters never import each other"},
	{`sources/prom/preset`, `sources`, "what well-known systems export, whoever measures it"},
	{`sources/group`, ``, "questions that are asked together, whatever they are"},
	{`sources/audit`, `sources`, "the journal knows no adapter"},
	{`sources/plane/\w+`, `sources|sources/plane`, "planes never import each other"},
	{`analysis/(stat|seq|seq/bound)`, ``, "numbers in, numbers out: evidence knows no sources"},
	{`analysis/(redact|logtmpl|logring)`, `sources`, "logs are bytes"},
	{`analysis/logcat`, `sources`, "rules over level and text"},
	{`analysis/logdiff`, `sources|analysis/(seq|logtmpl)`, "evidence on lines"},
	{`analysis/(pair|quality)`, `sources|analysis/(stat|seq|seq/bound|drift)`, "answers, predictions and labels from lines"},
	{`analysis/drift`, `sources|analysis/(stat|seq)`, "distances know no guard"},
	{`analysis`, `sources`, "nouns of judgement"},
	{`analysis/dossier`, `sources`, "a codec"},
	{`analysis/score`, `sources|analysis|analysis/(seq|stat|dossier)`, "one judge, live and offline"},
	{`analysis/(sim|peer)`, `analysis|analysis/(dossier|peer|score|seq)`, "scores the judge"},
	{`analysis/judge`, `sources|analysis`, "evidence and guards into one verdict, whoever made the evidence"},
	{`analysis/ramp`, `sources|analysis`, "a ramp is a value: no clock, no screen, no plane"},
	{`analysis/frame`, `sources|analysis|analysis/ramp`, "everything known at one instant"},
	{`ui/cell`, `sources`, "text and tone, no colour"},
	{`ui/cell/celltest`, `ui/cell`, "goldens of grids"},
	{`ui/pace`, ``, "timing of the renderer"},
	{`ui/nearest`, ``, "what a slip of the fingers meant, in the palette and in a config"},
	{`ui/chart`, `ui/cell`, "the only package that sees ntcharts"},
	{`ui/style`, `themes|ui/cell`, "tones become colours here"},
	{`ui/panel/part`, `sources|analysis|analysis/frame|ui/(cell|chart)`, "pieces know no panel"},
	{`ui/panel/logview`, `sources|analysis|analysis/(frame|logring)|ui/(cell|chart)|ui/panel/part`, "a panel with lines of its own knows no other panel"},
	{`ui/panel`, `sources|analysis|analysis/(frame|ramp)|ui/(cell|chart)|ui/panel/(logview|part)`, "a panel shows a frame"},
	{`ui/dialog`, `sources|ui/cell`, "a dialog asks before an action"},
	{`ui`, `sources|analysis/frame|themes|ui/(cell|dialog|nearest|panel|style)|ui/panel/(logview|part)`, "one model over frames: it asks nobody but its Env"},
	{`ui/uitest/sample`, `sources|analysis|analysis/(frame|ramp)`, "frames to draw in tests"},
	{`ui/uitest`, `sources|analysis|analysis/frame|ui|ui/cell`, "a console without a terminal"},
	{`cmd/internal/engine/logbook`, `sources|analysis|analysis/(frame|logcat|logdiff|logring|logtmpl|redact)`, "what the log source said"},
	{`cmd/internal/document`, `analysis`, "how a command's JSON is written, whatever it says"},
	{`cmd/internal/logsheet`, `sources|analysis|analysis/frame|cmd/internal/document`, "what the logs say, on paper"},
	{`cmd/internal/engine/evidence`, `sources|analysis|analysis/(dossier|judge|score|seq|stat)`, "what the judge of dossiers says of a live rollout"},
	{`cmd/internal/engine/past`, `sources`, "blocks of hours ago, for every service alike"},
	{`cmd/internal/engine/predictions`, `sources|analysis|analysis/\w+`, "what log lines say of predictions"},
	{`cmd/internal/engine`, `sources|analysis|analysis/\w+|cmd/internal/engine/(logbook|evidence|past|predictions)`, "the engine may not import action: it looks and never writes"},
	{`cmd/internal/action`, `sources`, "the only writer knows no screen"},
	{`cmd/internal/config`, `sources|sources/(prom|prom/preset|elastic|alertmanager|notify/syslog|process)|analysis|analysis/(frame|ramp|redact|logcat|pair|quality)|ui/nearest|cmd/internal/engine|cmd/internal/engine/predictions`, "config fills in what others own"},
	{`cmd/internal/statedir`, ``, "where files are kept, whoever writes them"},
	{`cmd/internal/adapters`, `sources|sources/.*|cmd/internal/(config|engine|statedir)`, "what a config names, made: the one place that knows both"},
	{`cmd/internal/notifier`, `sources`, "tells people, knows no screen"},
	{`cmd/internal/runner`, `sources|analysis|analysis/(ramp|frame|dossier)|cmd/internal/(action|runner/\w+)`, "drives ramps by the plan, through the desk"},
	{`cmd/internal/runner/(lease|gate|detach)`, `sources|sources/process`, "who drives a service on this machine, and what it asks"},
	{`cmd/internal/runner/claim`, `sources|cmd/internal/runner/lease`, "who drives a plane on this machine, whoever's lease it is"},
	{`cmd/internal/runner/watchdog`, `sources|analysis/ramp|cmd/internal/(action|runner)|cmd/internal/runner/lease`, "takes traffic away, through the desk, when the runner is gone"},
	{`cmd/internal/account`, `sources|analysis|analysis/(frame|ramp)`, "where a ramp stands, on paper"},
	{`cmd/internal/wire`, `sources|analysis|analysis/frame`, "it carries frames and knows neither who makes them nor who draws them"},
	{`cmd/internal/report`, `sources|analysis|analysis/frame|ui/cell|ui/panel/part|cmd/internal/(account|document)`, "a frame as scripts read it, and the schema of every document"},
	{`cmd/internal/relay`, `sources|analysis/frame|ui`, "a console's frames, wherever they come from"},
	{`cmd/internal/recorder`, `analysis/dossier`, "a rollout's file, whoever judged it"},
	{`cmd/internal/export`, `sources|analysis/frame|cmd/internal/document`, "held lines as a file, whoever holds them"},
	{`cmd/internal/footprint`, ``, "how much a process that stays holds, whatever it shows"},
	{`cmd/internal/shots`, `cmd/internal/rig`, "pictures of the binary in a real terminal"},
	{`cmd/internal/rig`, `sources/sourcetest/loopback`, "the rig drives the binary from outside"},
	{`cmd/rampart`, `.*`, "wiring"},
}

// impure are packages of the standard library that have no place under analysis.
var impure = regexp.MustCompile(`^(net|net/http|net/url|os|os/.*|log|log/.*)$`)

type listed struct {
	ImportPath string
	Imports    []string
	Dir        string
	GoFiles    []string
}

func TestStreet_ArrowsPointOneWay(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "rampart/")
		may, why, ok := allowed(name)
		if !ok {
			t.Errorf("%s stands on no street: add it to the table with its reason", name)
			continue
		}
		for _, imp := range p.Imports {
			ours, isOurs := strings.CutPrefix(imp, "rampart/")
			if isOurs && !may.MatchString(ours) {
				t.Errorf("%s imports %s: %s", name, ours, why)
			}
			if strings.HasPrefix(name, "analysis") && impure.MatchString(imp) {
				t.Errorf("%s imports %s: analysis is pure", name, imp)
			}
		}
	}
}

func TestStreet_EveryRuleHasAPackageAndAReason(t *testing.T) {
	all := packages(t)
	for _, s := range street {
		of := regexp.MustCompile(`^rampart/(?:` + s.pkg + `)$`)
		if !slices.ContainsFunc(all, func(p listed) bool { return of.MatchString(p.ImportPath) }) {
			t.Errorf("no package stands at %s: the rule is left over", s.pkg)
		}
		if s.why == "" {
			t.Errorf("%s says no reason", s.pkg)
		}
	}
}

func TestStreet_FilesAreOneNounEach(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "rampart/")
		if len(p.GoFiles) > mostFiles(name) {
			t.Errorf("%s has %d files: split the package", name, len(p.GoFiles))
		}
		for _, f := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(b), "\n"); n > 350 {
				t.Errorf("%s/%s has %d lines: more than one noun", name, f, n)
			}
		}
	}
}

// mostFiles bounds a package's files; sources holds the nouns, cmd/rampart one file a subcommand.
func mostFiles(name string) int {
	if name == "cmd/rampart" {
		return 60
	}
	if name == "sources" || name == "analysis/seq" || name == "analysis/stat" {
		return 40
	}
	return 28
}

func TestStreet_TheMapOfTheReadmeHasEveryPackage(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "## The map")
	drawn, _, ended := strings.Cut(rest, "\n## ")
	if !found || !ended {
		t.Fatal("the README has no map")
	}
	for _, p := range packages(t) {
		if last := regexp.MustCompile(`\b` + path.Base(p.ImportPath) + `\b`); !last.MatchString(drawn) {
			t.Errorf("%s is not on the map", p.ImportPath)
		}
	}
}

func TestStreet_OnlyTheDeskAppliesAChange(t *testing.T) {
	apply := regexp.MustCompile(`\bPlane\.Apply\(|\bplane\.Apply\(|\.Apply\(ctx`)
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, "rampart/")
		if name == "cmd/internal/action" || strings.HasPrefix(name, "sources/") {
			continue
		}
		for _, f := range p.GoFiles {
			b, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if m := apply.Find(b); m != nil {
				t.Errorf("%s/%s calls %s: only action writes to a plane", name, f, m)
			}
		}
	}
}

func TestStreet_TheTopLevelIsFixed(t *testing.T) {
	fixed := []string{"cmd", "ui", "sources", "analysis", "themes", "testdata", "Makefile", "go.mod", "go.sum", "README.md", "LICENSE"}
	out, err := exec.CommandContext(t.Context(), "git", "-C", "../..", "ls-files").Output()
	if err != nil {
		t.Skip("not a git checkout")
	}
	for line := range strings.Lines(string(out)) {
		top, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(fixed, top) {
			t.Errorf("%s stands at the top level", top)
		}
	}
}

func allowed(name string) (*regexp.Regexp, string, bool) {
	for _, s := range street {
		if regexp.MustCompile(`^(?:` + s.pkg + `)$`).MatchString(name) {
			return regexp.MustCompile(`^(?:` + s.may + `)$`), s.why, true
		}
	}
	return nil, "", false
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Dir,GoFiles", "rampart/cmd/...", "rampart/ui/...", "rampart/sources/...", "rampart/analysis/...", "rampart/themes/...")
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out []listed
	for dec := json.NewDecoder(pipe); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(p.ImportPath, "rampart/cmd/zz_") { // scratch that is never committed
			out = append(out, p)
		}
	}
	if err := cmd.Wait(); err != nil || len(out) < 10 {
		t.Fatalf("go list: %d packages, %v", len(out), err)
	}
	return out
}
