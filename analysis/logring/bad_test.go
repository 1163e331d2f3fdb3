package logring

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// FuzzField_ReadsAnyDocument: whatever stands where JSON should, a field is found or not, and nothing else happens.
func FuzzField_ReadsAnyDocument(f *testing.F) {
	for _, s := range []string{`{"a":{"b":1}}`, `{"a.b":"\u001b[2J"}`, `{`, `{"a"`, `{"a":`, `{"a":"\`, `[1]`, "\x00", `{"a":{"b":{"c":`, `{"":""}`, `{"a":tru`, `{"a":{"c":1 x},"a.b":{"b":[{}]},"c":{}}`, `{"a":{},"a":{"b":3},"a.b":4}`} {
		f.Add([]byte(s), "a.b")
	}
	f.Fuzz(func(t *testing.T, doc []byte, name string) {
		names := []string{name, name + ".b", "a.b", "c", name}
		for i, v := range NewPaths(names...).Find(nil, doc) {
			one, found := Field(doc, names[i])
			if got := Text(v); (v != nil) != found || got != one {
				t.Errorf("%q: %q is %q, %v among others, %q, %v alone", doc, names[i], got, v != nil, one, found)
			}
		}
		var l Line
		l.Text, l.Doc = doc, doc
		for _, s := range []string{name, "!" + name, name + ":x", "/" + name + "/"} {
			if t, err := ParseTerm(s); err == nil {
				t.Keep(&l)
				t.Spans(nil, doc)
			}
		}
	})
}

func TestField_ReadsNestedAndDottedNamesAndEscapes(t *testing.T) {
	doc := []byte(`{"log.level":"warn","a":{"b":{"c":"x\ty \"q\" \u00e9"}},"n":-1.5e3,"o":{"k":[1,{"z":"}"}]},"t":true,"z":null}`)
	for name, want := range map[string]string{
		"log.level": "warn", "a.b.c": "x\ty \"q\" é", "n": "-1.5e3", "o": `{"k":[1,{"z":"}"}]}`, "o.k": `[1,{"z":"}"}]`, "t": "true", "z": "null",
	} {
		if got, ok := Field(doc, name); !ok || got != want {
			t.Errorf("%s is %q, %v; want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "a.b.d", "a.b.c.d", "o.k.z", "nope"} {
		if got, ok := Field(doc, name); ok {
			t.Errorf("%s was found: %q", name, got)
		}
	}
}

// awkward are lines that somebody's logger has written.
func awkward() map[string]Line {
	nested := strings.Repeat(`{"a":`, 1000) + `"deep"` + strings.Repeat("}", 1000)
	var wide strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&wide, `"field_%d":%d,`, i, i)
	}
	return map[string]Line{
		"of 10 MB":          {Text: bytes.Repeat([]byte("x"), 10<<20)},
		"document of 10 MB": {Text: []byte("short"), Doc: bytes.Repeat([]byte(`{"a":"b"}`), 1<<20)},
		"not UTF-8":         {Text: []byte("\xff\xfe\xc0\x80"), Doc: []byte(`{"a":"` + "\xff" + `"}`)},
		"with NUL":          {Text: []byte("a\x00b"), Doc: []byte("{\"a\":\"\x00\"}")},
		"nested 1000 deep":  {Text: []byte("n"), Doc: []byte(nested)},
		"of 5000 fields":    {Text: []byte("w"), Doc: []byte("{" + wide.String() + `"last":"found"}`)},
		"without a message": {Doc: []byte(`{"message":{"text":"an object"}}`)},
		"with nothing":      {},
		"of 1677":           {At: time.Date(1677, 1, 1, 0, 0, 0, 0, time.UTC), Text: []byte("old")},
		"of 2300":           {At: time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC), Text: []byte("future")},
		"of another zone":   {At: noon.In(time.FixedZone("X", -11*3600)), Text: []byte("zone")},
	}
}

func TestRing_HoldsAwkwardLinesAndSaysWhatWasCut(t *testing.T) {
	r := ring(t, Config{})
	for name, l := range awkward() {
		l.Arm = sources.Candidate
		p := r.Append(l)
		got, ok := r.Line(p)
		if !ok {
			t.Errorf("%s: not held", name)
			continue
		}
		if big := len(l.Text)+len(l.Doc) > 64<<10; got.Cut != big || !big && !bytes.Equal(got.Text, l.Text) {
			t.Errorf("%s: cut %v, %d bytes of %d", name, got.Cut, len(got.Text), len(l.Text))
		}
	}
	if n := r.Counts().Cut; n != 3 { // 5 000 fields are more than 64 KiB too
		t.Errorf("%d lines are counted as cut", n)
	}
	for _, s := range []string{"last:found", "a.a.a:deep", "message.text:object", "x", "!x", "/(x+x+)+y/", "level:error", "\xff"} {
		page := r.Older(Query{Keep: term(t, s).Keep, Limit: 50})
		if !page.Done || page.Scanned != len(awkward()) {
			t.Errorf("%s: %d of %d lines were looked at", s, page.Scanned, len(awkward()))
		}
	}
}

func TestRing_StaysWithinItsBytesWhateverTheLinesAre(t *testing.T) {
	const bound = 4 << 20
	for _, size := range []int{0, 1, 100, 5000, 60_000} {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r := ring(t, Config{Bytes: bound})
		text := bytes.Repeat([]byte("x"), size)
		for i := range 60_000 {
			if size > 1000 && i > 3000 {
				break
			}
			r.Append(Line{At: noon.Add(time.Duration(i*7919%10_000) * time.Millisecond), Arm: sources.Legacy, Text: text})
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if used := int64(after.HeapAlloc) - int64(before.HeapAlloc); used > bound+bound/8 {
			t.Errorf("lines of %d bytes: %d bytes are used of %d", size, used, bound)
		}
		runtime.KeepAlive(r)
	}
}

func TestParseTerm_RefusesWhatFindsEverythingOrNeverEnds(t *testing.T) {
	for _, s := range []string{"", "!", "//", "!//", "/(?=x)/", `/(a)\1/`, "/[/", "/a{1001}/", "level:loud", "arm:left"} {
		if _, err := ParseTerm(s); err == nil {
			t.Errorf("%q was taken", s)
		}
	}
	// What backtracks elsewhere takes one pass here.
	slow := term(t, "/(a+)+$/")
	if slow.Keep(&Line{Text: append(bytes.Repeat([]byte("a"), 60_000), '!')}) {
		t.Error("it matches what it should not")
	}
}
