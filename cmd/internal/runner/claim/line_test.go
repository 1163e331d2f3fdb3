//go:build linux

package claim

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLine_SaysWhoByTheKernelsWordAndCutsWhatIsLong(t *testing.T) {
	long := strings.Repeat("é", 10000)
	l, ok, err := decode(line{Actor: long, Host: long, Reason: long, State: long, Socket: long, PID: 7, Since: noon}.encode())
	if err != nil || !ok || len(l.Actor) == 0 || len(l.Actor) > mostWord {
		t.Errorf("a long line: %d bytes of actor, %v, %v", len(l.Actor), ok, err)
	}
	bad := line{Actor: strings.Repeat("\x01", 1000), Reason: strings.Repeat("\x01", 1000), Refused: strings.Repeat("\x01", 1000), LetGo: true}.encode()
	if l, ok, err := decode(bad); err != nil || !ok || !l.LetGo || len(bad) > mostLine {
		t.Errorf("%d bytes that need six each: %v, %v", len(bad), ok, err)
	}
	if h := (line{Actor: "root", PID: 1}).holder(Peer{UID: 1000, PID: 4711, Name: "mallory"}); h.PID != 4711 || h.User != "mallory" || !strings.Contains(h.String(), "root (user mallory), process 4711") {
		t.Errorf("it is believed: %v", h)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(lineOf(who("ana")).encode())
	f.Add(line{LetGo: true, Reason: "\x1b[2J\u202e"}.encode())
	f.Add([]byte(`{"actor":` + "\n"))
	f.Add([]byte(`[]` + "\n" + `{}`))
	f.Add([]byte(strings.Repeat("x", mostLine)))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, ok, err := decode(b)
		if ok && err != nil {
			t.Fatalf("both a line and %v", err)
		}
		if !ok {
			return
		}
		said := l.holder(Peer{PID: 7, Name: "ben"}).String()
		if strings.ContainsAny(said, "\x1b\n\x00") || len(said) > 16*mostLine {
			t.Fatalf("it says %q", said)
		}
		again, ok, err := decode(l.encode())
		if !ok || err != nil {
			t.Fatalf("%+v cannot be said again: %v", l, err)
		}
		if x, _ := json.Marshal(l); len(x) < mostLine/2 && again.LetGo != l.LetGo {
			t.Fatalf("%+v became %+v", l, again)
		}
	})
}
