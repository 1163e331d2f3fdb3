package logring

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/sources"
)

func term(tb testing.TB, s string) Term {
	tb.Helper()
	t, err := ParseTerm(s)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

func TestTerm_KeepsWhatTheOperatorMeans(t *testing.T) {
	l := Line{
		Arm: sources.Candidate, Level: sources.LevelWarn, Text: []byte("Upstream timeout after 30 s: shard 7"),
		Doc: []byte(`{"a":[1,{"user":"no"}],"user":{"name":"Anna \"A\" B","age":42,"tags":["x","y"]},"service.name":"rank","n":null}`),
	}
	for s, want := range map[string]bool{
		"timeout": true, "TIMEOUT": false, "Upstream": true, "upstream": true, "uPstream": false, "nothing": false, "7": true, "!timeout": false, "!nothing": true,
		`"shard 7"`: true, "/time.?out/": true, "/^timeout/": false, "/(?i)TIMEOUT/": true, "!/[0-9]{3}/": true, "/a|e/": true, "/(after) [0-9]+/": true,
		"level:warn": true, "level:error": false, "level:>=info": true, "level:>=error": false, "!level:error": true, "arm:candidate": true, "arm:legacy": false,
		"user.name:anna": true, "user.name:otto": false, "user.age:42": true, "service.name:rank": true, "user.tags:x": true, "user.none:x": false, "n:null": true,
		"after 30 s: shard": true, "http://x": false, "a.user:no": false, `""`: false,
	} {
		if got := term(t, s).Keep(&l); got != want {
			t.Errorf("%s keeps the line: %v, want %v", s, got, want)
		}
	}
	both := All(term(t, "timeout"), term(t, "!level:error"))
	if !both(&l) || All(term(t, "timeout"), term(t, "level:error"))(&l) || All() != nil {
		t.Error("terms are not a conjunction")
	}
}

func TestTerm_FindsWhatADocumentHasAsEscapes(t *testing.T) {
	l := Line{Doc: []byte(`{"a":"say \"no\\way\"","b":"caf\u00e9","c":"\u003cscript\u003e","d":"http:\/\/x","e":"x\ty","f":"caf\u00e9 <b> plain é"}`)}
	for s, want := range map[string]bool{
		`a:say "no`: true, `a:no\way"`: true, "b:café": true, "b:cafe": false, "c:<script>": true, "d:http://x": true, "e:x\ty": true,
		"f:<b> plain é": true, "!b:café": false, "b:thé": false,
	} {
		if got := term(t, s).Keep(&l); got != want {
			t.Errorf("%s keeps the line: %v, want %v", s, got, want)
		}
	}
	for s, want := range map[string]bool{"a:x": false, "z:x": true, "!z:x": false, "z": false, "a.b:x": true} {
		if got := term(t, s).Lacks(&l); got != want {
			t.Errorf("the line lacks the field of %s: %v, want %v", s, got, want)
		}
	}
}

func TestTerm_TellsWhatIsWrong(t *testing.T) {
	for s, why := range map[string]string{"": "nothing", "!": "nothing", "//": "everything", "/(/": "missing", `/(a)\1/`: "escape", "level:loud": "no level", "arm:both": "arm"} {
		if _, err := ParseTerm(s); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: %v", s, err)
		}
	}
	if got := term(t, "a\x1b[2J").String(); got != sources.Visible(got) {
		t.Errorf("the chip shows %q", got)
	}
}

func TestTerm_HighlightsEveryMatch(t *testing.T) {
	for s, want := range map[string][]Span{
		"ab": {{0, 2}, {3, 5}}, "/b./": {{1, 3}, {4, 6}}, "!ab": nil, "level:warn": nil, "zz": nil, "/x*/": nil,
	} {
		if got := term(t, s).Spans(nil, []byte("ab abcd")); !slices.Equal(got, want) {
			t.Errorf("%s matches %v, want %v", s, got, want)
		}
	}
}

func TestTerm_KnowsWhatARegexNeeds(t *testing.T) {
	for re, want := range map[string]string{"abc": "abc", "a.*timeout.*b": "timeout", "(?i)abc": "", "a|b": "", "x(abc)+y": "abc", "(abc)*": "", "xyb{2,}": "xy", "": ""} {
		if got := required(re); got != want {
			t.Errorf("%s needs %q, want %q", re, got, want)
		}
	}
}

func FuzzTerm_TakesAnyBytes(f *testing.F) {
	f.Add("user.name:x", []byte("text"), []byte(`{"user":{"name":"x"}}`))
	f.Add("aB", []byte("xxaBab"), []byte(`{"a":[{"b":`))
	f.Add("/a+/", []byte{0xff}, []byte(`{"user":{"name":"\`))
	f.Fuzz(func(t *testing.T, s string, text, doc []byte) {
		tm, err := ParseTerm(s)
		if err != nil {
			return
		}
		l := Line{Text: text, Doc: doc}
		kept := tm.Keep(&l)
		spans := tm.Spans(nil, text)
		for _, sp := range spans {
			if sp.From < 0 || sp.From >= sp.To || sp.To > len(text) {
				t.Fatalf("%q matches %v of %d bytes", s, sp, len(text))
			}
		}
		if len(spans) > 0 && !kept {
			t.Fatalf("%q matches %v of %q and does not keep it", s, spans, text)
		}
	})
}

func TestTerm_NeverMissesAFieldWhoseDocumentWasNotRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.Custom(func(t *rapid.T) any {
			word := rapid.SampledFrom([]string{"ab", "b", "xaby", "b\": ab", "a\\b", "", "c,ab", "ab}"})
			switch rapid.IntRange(0, 5).Draw(t, "shape") {
			case 0:
				return rapid.IntRange(0, 99).Draw(t, "number")
			case 1:
				return []string{word.Draw(t, "item")}
			case 2:
				return map[string]any{word.Draw(t, "key"): word.Draw(t, "inner"), "k": "ab"}
			case 3:
				return nil
			}
			return word.Draw(t, "text")
		})
		doc, err := json.MarshalIndent(rapid.MapOf(rapid.SampledFrom([]string{"k", "o.k", "o", "xk", "ab"}), value).Draw(t, "doc"), "", rapid.SampledFrom([]string{"", " "}).Draw(t, "indent"))
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "compact") {
			var b bytes.Buffer
			_ = json.Compact(&b, doc)
			doc = b.Bytes()
		}
		name, text := rapid.SampledFrom([]string{"k", "o.k", "o"}).Draw(t, "name"), rapid.SampledFrom([]string{"ab", "b", "1", "null"}).Draw(t, "needle")
		term, err := ParseTerm(name + ":" + text)
		if err != nil {
			t.Fatal(err)
		}
		n := newNeedle(text)
		v, ok := field(doc, name)
		if want := ok && n.index(v) >= 0; term.Keep(&Line{Doc: doc}) != want {
			t.Errorf("%s:%s in %s: want %v", name, text, doc, want)
		}
	})
}
