package rawjson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rampart/sources/rawjson"
)

// FuzzChecker_ProvesWhatEncodingJSONProves: a value that is followed by a byte of space ends where the library says, or is
// refused as it refuses it.
func FuzzChecker_ProvesWhatEncodingJSONProves(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e+3,{"b":null}],"c":"\u00e9\"\\"}`, `[]`, `{}`, `[1,]`, `{"a"}`, `{"a":1,}`, `{1:2}`, `01`, `-`, `1.`, `1e`, `tru`, `truex`, `nul`,
		`"\x"`, `"\u12g4"`, "\"\x01\"", "\"0123456\x1f\"", `"01234567\"9"`, "\"\xff\x80\x9f\xa2\xdc\"", `[[[[]]]]`, `[}`, `{"a":]`, ` 1 `, `"`, `[1 2]`, `{"a" :  [ ] , "b":{ }}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var c rawjson.Checker
		padded := append(b, ' ')
		end, err := c.Value(padded, 0)
		want := json.Valid(b)
		switch {
		case want && (err != nil || strings.TrimSpace(string(padded[end:])) != ""):
			t.Errorf("%q ends at %d with %v", b, end, err)
		case !want && err == nil && strings.TrimSpace(string(padded[end:])) == "":
			t.Errorf("%q passes up to %d", b, end)
		case err == nil && !json.Valid(padded[:end]):
			t.Errorf("%q is taken for a value", padded[:end])
		}
	})
}
