package process

import "testing"

func TestHead_KeepsNoMoreThanItMay(t *testing.T) {
	full := 0
	h := &head{most: 4 << 20, full: func() { full++ }}
	for range 5 {
		_, _ = h.Write(make([]byte, 1<<20))
	}
	if len(h.b) != 4<<20 || full != 1 {
		t.Errorf("%d bytes, said %d times", len(h.b), full)
	}
}

func TestTail_KeepsTheEnd(t *testing.T) {
	w := &tail{most: 4}
	for _, s := range []string{"why ", "it ", "failed"} {
		_, _ = w.Write([]byte(s))
	}
	if string(w.b) != "iled" {
		t.Errorf("kept %q", w.b)
	}
}
