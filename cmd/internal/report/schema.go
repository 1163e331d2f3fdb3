package report

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"rampart/cmd/internal/account"
	"rampart/sources"
)

// published is what one command prints with -o json.
type published struct {
	name, title string
	of          any
}

func documents() []published {
	return []published{
		{"check", "rampart check -o json, a line of rampart watch -o jsonl", &Document{}},
		{"ramp", "rampart ramp status -o json", &account.Ramp{}},
		{"rollback", "rampart rollback -o json, and what any rampart ramp VERB -o json did", &account.Deed{}},
		{"doctor", "rampart doctor -o json", &Checkup{}},
		{"audit", "a line of rampart audit show -o json", &sources.Entry{}},
	}
}

// Schemas are the names of the documents that [Schema] knows.
func Schemas() []string {
	var out []string
	for _, d := range documents() {
		out = append(out, d.name)
	}
	return out
}

// Schema is the JSON Schema of one document, made of the type that is printed. Keys that it does not name may be added
// without another version, so none is forbidden.
func Schema(name string) ([]byte, error) {
	all := documents()
	i := slices.IndexFunc(all, func(d published) bool { return d.name == name })
	if i < 0 {
		return nil, fmt.Errorf("schema %q: want config, %s", sources.Visible(name), strings.Join(Schemas(), ", "))
	}
	r := jsonschema.Reflector{ExpandedStruct: true, AllowAdditionalProperties: true, Mapper: printed, Namer: plain}
	s := r.Reflect(all[i].of)
	s.ID, s.Title = "", all[i].title
	if version, ok := s.Properties.Get("version"); ok {
		version.Const = Version
	}
	return json.MarshalIndent(s, "", "  ")
}

// plain is a type's name in a reference, which is a JSON Pointer in a URI: the brackets of a generic type and the path of its
// argument would lead nowhere.
func plain(t reflect.Type) string {
	generic, of, ok := strings.Cut(strings.TrimSuffix(t.Name(), "]"), "[")
	if !ok {
		return t.Name()
	}
	return generic + "_" + of[strings.LastIndexAny(of, "./")+1:]
}

// printed describes types that print themselves as words.
func printed(t reflect.Type) *jsonschema.Schema {
	switch {
	case t.PkgPath() == "time":
		return nil
	case t == reflect.TypeFor[sources.Text](), t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}
