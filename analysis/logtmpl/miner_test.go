package logtmpl

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"rampart/sources"
)

func miner(tb testing.TB, cfg Config) *Miner {
	tb.Helper()
	m, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// groups mines lines and returns the final template of each.
func groups(tb testing.TB, lines ...string) []string {
	tb.Helper()
	m := miner(tb, Config{})
	ids := make([]ID, len(lines))
	for i, l := range lines {
		ids[i], _ = m.Add([]byte(l))
	}
	texts := make([]string, len(lines))
	for i, id := range ids {
		tmpl, ok := m.Template(id)
		if !ok {
			tb.Fatalf("line %d has no template", i)
		}
		texts[i] = tmpl.Text.String()
	}
	return texts
}

func TestMiner_MasksWhatChanges(t *testing.T) {
	for line, want := range map[string]string{
		`took 12.5 ms for 10.1.2.3:8080`:                       `took <num> for <ip>`,
		`lifetime <1 sec`:                                      `lifetime <num>`,
		`score 0x7f3a at 3f2b8c1d-1f6e-4e0a-9c55-1b2c3d4e5f60`: `score <hex> at <uuid>`,
		`GET took -5`:                                          `GET took <num>`,
		`open "/srv/models/a b.bin": permission denied`:        `open "<path>": permission denied`,
		`loading /srv/models/a.bin.`:                           `loading <path>.`,
		`loading C:\models\a.bin now`:                          `loading <path> now`,
		`fetched https://example.com/a?b=c&d=e, ok`:            `fetched <url>, ok`,
		`at Fri Jun 17 07:07:00 2005 we met`:                   `at <time> we met`,
		`2024-05-01 12:00:00,123 INFO ready`:                   `<time> INFO ready`,
		`nodes: n1 n2 n3 n4 down`:                              `nodes: <*> down`,
		`sets n-1 <ok> n-2 <ok> n-3 <ok>`:                      `sets <id> <ok>`,
		`params={a=1, b=[2, 3]} done`:                          `params=<*> done`,
		`child of k8sClient and jk2_init`:                      `child of k8sClient and jk2_init`,
		`can't parse 'a b'`:                                    `can't parse '<*>'`,
		`mask=deadbeef facade=x`:                               `mask=<hex> facade=x`,
		"\x1b[32mINFO\x1b[0m up in 3s":                         `INFO up in <num>`,
		`main.go:12: nil pointer`:                              `<id>: nil pointer`,
		`seen 00:11:43:e3:ba:c3 and ff::be:1 twice`:            `seen <id> and <id> twice`,
		`prefetch depth.....0`:                                 `prefetch depth.....<num>`,
		`{"msg":"can't open 'a 1' now","user":"x"}`:            `{"msg":"can't open '<*>' now","user":"<name>"}`,
		`rack node-[1-5] full`:                                 `rack <*> full`,
		``:                                                     ``,
	} {
		if got := groups(t, line)[0]; got != want {
			t.Errorf("%q is %q, want %q", line, got, want)
		}
	}
}

func TestMiner_KeepsWhatTheLineSaysApart(t *testing.T) {
	for name, lines := range map[string][]string{
		"outcomes":       {"VM started on n1", "VM stopped on n1", "VM paused on n1", "VM resumed on n1", "VM failed on n1", "VM lost on n1"},
		"flags":          {"peek: true", "peek: false", "peek: null"},
		"levels":         {"2024-05-01 12:00:00 INFO cache x1", "2024-05-01 12:00:00 WARN cache x1", "2024-05-01 12:00:00 ERROR cache x1", "2024-05-01 12:00:00 DEBUG cache x1", "2024-05-01 12:00:00 FATAL cache x1"},
		"states":         {"t1 moved from NEW to READY", "t1 moved from READY to BUSY", "t1 moved from BUSY to DONE", "t1 moved from DONE to GONE", "t1 moved from GONE to LOST", "t1 moved from LOST to NEW"},
		"methods":        {`1.2.3.4 "GET /a HTTP/1.1" 200`, `1.2.3.4 "POST /a HTTP/1.1" 200`, `1.2.3.4 "PUT /a HTTP/1.1" 200`, `1.2.3.4 "HEAD /a HTTP/1.1" 200`, `1.2.3.4 "PATCH /a HTTP/1.1" 200`},
		"subjects":       {"cupsd startup complete", "klogd startup complete", "syslogd startup complete", "hcid startup complete", "sdpd startup complete", "portmap startup complete"},
		"few values":     {"auth mode=plain ok", "auth mode=token ok", "auth mode=mutual ok"},
		"other marks":    {"a: b", "a= b", "a b"},
		"missing values": {"user= host=h1", "user=root host=h1"},
		"json messages":  {`{"level":"info","msg":"model loaded","ms":3}`, `{"level":"info","msg":"model dropped","ms":3}`, `{"level":"warn","msg":"model loaded","ms":3}`},
	} {
		seen := map[string]string{}
		for i, g := range groups(t, lines...) {
			if other, twice := seen[g]; twice {
				t.Errorf("%s: %q and %q are one group %q", name, other, lines[i], g)
			}
			seen[g] = lines[i]
		}
	}
}

func TestMiner_BringsLinesOfOneStatementTogether(t *testing.T) {
	for name, lines := range map[string][]string{
		"user names":      {"session opened for user anna by (uid=0)", "session opened for user otto by (uid=0)", "session opened for user mia by (uid=7)"},
		"name or address": {"lost peer 10.0.0.1 after probe", "lost peer localhost after probe"},
		"no name":         {"connection from 1.2.3.4 (a.example.org) at noon", "connection from 1.2.3.4 () at noon"},
		"many values":     {"auth key=a ok", "auth key=b ok", "auth key=c ok", "auth key=d ok", "auth key=e ok"},
		"long lists":      {"evicted b1", "evicted b1 b2", "evicted b1 b2 b3 b4 b5"},
		"sizes":           {"stored 10 B", "stored 5.2 KB", "stored 17 GB"},
		"objects":         {"sent ws=null", "sent ws=Source{1 u0}", "sent ws=[1, 2]"},
		"access log":      {`1.2.3.4 - - [10/Oct/2023:13:55:36 -0700] "GET /a HTTP/1.1" 200 12 "-" "curl/8"`, `5.6.7.8 - - [11/Nov/2023:01:05:06 +0000] "GET /b/c?d=e&f HTTP/2" 404 3 "http://x.y/z" "Mozilla/5.0 (X11; Linux) Gecko"`},
		"json values":     {`{"msg":"served","user":"anna","took":1}`, `{"msg":"served","user":"otto b","took":22}`},
		"logfmt":          {`level=info msg="served request" user=7 path=/a dur=1ms`, `level=info msg="served request" user=8 path=/b/c dur=20.3ms`},
		"frames":          {"  at a.b.C.run(C.java:10) at a.b.D.run(D.java:20)", "  at a.b.C.run(C.java:11) at a.b.D.run(D.java:21) at a.b.E.go(E.java:3)"},
		"three names": func() (out []string) {
			for i := range 12 {
				out = append(out, fmt.Sprintf("moved %cxa from shelf %cyb to room %czc at once", 'a'+i, 'b'+i, 'c'+i))
			}
			return out
		}(),
		"subjects": func() (out []string) {
			for i := range 30 {
				out = append(out, fmt.Sprintf("%c%c left the room early", 'a'+i%26, 'k'+i/2%10))
			}
			return out
		}(),
	} {
		got := groups(t, lines...)
		for i := range got {
			if got[i] != got[0] {
				t.Errorf("%s: %q is %q, and %q is %q", name, lines[0], got[0], lines[i], got[i])
				break
			}
		}
	}
}

func TestMiner_GivesIDsThatOutliveJoins(t *testing.T) {
	m := miner(t, Config{})
	first, isNew := m.Add([]byte("session closed for user anna"))
	if !isNew {
		t.Error("the first line is not new")
	}
	second, _ := m.Add([]byte("session closed for user otto"))
	if first == second {
		t.Fatal("two values alone make no variable")
	}
	third, isNew := m.Add([]byte("session closed for user mia"))
	if isNew || third != first {
		t.Errorf("the oldest template survives: got %v new %v, want %v", third, isNew, first)
	}
	if m.Resolve(second) != first {
		t.Error("the id of a joined template leads nowhere")
	}
	tmpl, ok := m.Template(second)
	if want := "session closed for user <*>"; !ok || tmpl.Text.String() != want || tmpl.Lines != 3 {
		t.Errorf("got %q with %d lines, want %q with 3", tmpl.Text, tmpl.Lines, want)
	}
	if _, known := m.Template(ID(1)); known || m.Resolve(ID(1)) != ID(1) {
		t.Error("an unknown id has no template and resolves to itself")
	}
	again, _ := miner(t, Config{}).Add([]byte("session closed for user anna"))
	if again != first {
		t.Error("the same first line gives another id in another miner")
	}
}

func TestMiner_CountsEveryLineOnce(t *testing.T) {
	m := miner(t, Config{})
	for i := range 1000 {
		m.Add(fmt.Appendf(nil, "user %s asked %d", []string{"anna", "otto", "mia", "eve"}[i%4], i))
	}
	var lines uint64
	for _, tmpl := range m.Templates() {
		lines += tmpl.Lines
	}
	if lines != 1000 || m.Counts().Lines != 1000 || m.Counts().Templates != 1 {
		t.Errorf("%d lines in %+v", lines, m.Counts())
	}
}

func TestMiner_MergesWhatTwoMinersSaw(t *testing.T) {
	a, b := miner(t, Config{}), miner(t, Config{})
	for i := range 60 {
		line := fmt.Appendf(nil, "request %d of user %c served", i, 'a'+i%3)
		if i%3 == 0 {
			a.Add(line)
		} else {
			b.Add(line)
		}
	}
	only, _ := b.Add([]byte("cache is cold"))
	gone, _ := b.Add([]byte("request 7 of user zoe served"))
	before := b.Counts()
	a.Merge(b)
	if b.Counts() != before {
		t.Error("merging changed the other miner")
	}
	if got := a.Counts(); got.Lines != 62 || got.Templates != 2 {
		t.Errorf("after the merge: %+v, want 62 lines in 2 templates", got)
	}
	for _, tmpl := range b.Templates() {
		if _, ok := a.Template(tmpl.ID); !ok {
			t.Errorf("id %v of %q is not known after the merge", tmpl.ID, tmpl.Text)
		}
	}
	if tmpl, _ := a.Template(gone); tmpl.Lines != 61 {
		t.Errorf("the id of a line that b had joined leads to %q with %d lines", tmpl.Text, tmpl.Lines)
	}
	if tmpl, _ := a.Template(only); tmpl.Lines != 1 {
		t.Errorf("%q has %d lines, want 1", tmpl.Text, tmpl.Lines)
	}
}

func TestMiner_HoldsNoMoreThanItMay(t *testing.T) {
	m := miner(t, Config{Templates: 64, Signatures: 256})
	rng := rand.New(rand.NewPCG(1, 2))
	keep, _ := m.Add([]byte("the steady line"))
	for i := range 20_000 {
		var words []string
		for range 1 + rng.IntN(8) {
			words = append(words, fmt.Sprintf("w%c%c%c", 'a'+rng.IntN(26), 'a'+rng.IntN(26), 'a'+rng.IntN(26)))
		}
		m.Add([]byte(strings.Join(words, " ")))
		if i%16 == 0 {
			m.Add([]byte("the steady line"))
		}
	}
	c := m.Counts()
	if c.Templates > 64 || len(m.Templates()) != c.Templates || c.Evicted == 0 {
		t.Errorf("%+v with %d templates listed, want at most 64", c, len(m.Templates()))
	}
	if len(m.ids) > 3*64 || len(m.known.young) > 512 || len(m.known.old) > 512 {
		t.Errorf("%d ids, %d and %d signatures: not bounded", len(m.ids), len(m.known.young), len(m.known.old))
	}
	for i := range 200 {
		m.Add(fmt.Appendf(nil, "user %c%c left", 'a'+i%26, 'a'+i/26))
	}
	if id, _ := m.Add([]byte("user aa left")); m.Resolve(id) != id {
		t.Error("a template that stands does not resolve to itself")
	}
	if _, held := m.Template(keep); !held {
		t.Error("a template in use was evicted")
	}
}

func TestMiner_AllocatesNothingForKnownForms(t *testing.T) {
	m := miner(t, Config{})
	lines := [][]byte{[]byte(`10.1.2.3 "GET /a HTTP/1.1" took 5 ms`), []byte(`user anna said "hi there", key=[1, 2]`), []byte("plain words only")}
	allocs := testing.AllocsPerRun(100, func() {
		for _, l := range lines {
			m.Add(l)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations per round", allocs)
	}
}

func TestConfig_TellsWhatIsOutOfRange(t *testing.T) {
	for _, cfg := range []Config{{Templates: 1}, {Templates: -5}, {Signatures: 3}, {Signatures: 1 << 30}} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%+v gives %v", cfg, err)
		}
	}
}

func FuzzMiner_TakesAnyBytes(f *testing.F) {
	for _, s := range []string{"", "a=", "x '", `"\"`, "<1", "a\x00b\xff\x1b[2J", "n-[1", "((((", "k={[(", "http://", "Fri Jun", "a'b'c", strings.Repeat("<ok> 1 ", 400)} {
		f.Add([]byte(s), []byte("user anna took 5 ms"))
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		m := miner(t, Config{Templates: 16, Signatures: 64})
		for range 2 {
			for _, line := range [][]byte{a, b, append(a[:len(a):len(a)], b...)} {
				id, _ := m.Add(line)
				if again, isNew := m.Add(line); isNew || m.Resolve(id) != again {
					t.Fatalf("%q has ids %v and %v", line, id, again)
				}
				tmpl, ok := m.Template(id)
				if s := tmpl.Text.String(); !ok || s != sources.Visible(s) {
					t.Fatalf("%q has the template %q, %v", line, s, ok)
				}
			}
		}
	})
}
