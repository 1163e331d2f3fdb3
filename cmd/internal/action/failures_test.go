package action_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// held is one thing that must not go wrong, with what holds it.
type held struct {
	Of     []string `yaml:"of"`     // what it is about: public issues, or a promise
	Wrong  string   `yaml:"wrong"`  // what went wrong with others
	Here   string   `yaml:"here"`   // what happens here instead
	Tests  []string `yaml:"tests"`  // package and test
	Cannot string   `yaml:"cannot"` // why it cannot happen, where no test can show it
}

const root = "../../.."

func TestFailuresOfOthers_EachIsHeldByATestOrCannotHappen(t *testing.T) {
	issue := regexp.MustCompile(`^[\w.-]+/[\w.-]+#\d+$|^docs\.[\w.-]+: .+$`)
	for _, h := range table(t, "testdata/failures.yaml", 29) {
		for _, of := range h.Of {
			if !issue.MatchString(of) {
				t.Errorf("%s: want owner/name#number or a page of a manual", of)
			}
		}
		if !strings.HasSuffix(h.Wrong, ".") {
			t.Errorf("%s: what went wrong is no sentence: %q", h.Of, h.Wrong)
		}
	}
}

func TestPromisesOfActions_EachIsHeldByATest(t *testing.T) {
	for _, h := range table(t, "testdata/promises.yaml", 19) {
		if h.Cannot != "" {
			t.Errorf("%s: a promise is held by a test", h.Of)
		}
	}
}

// table reads rows and holds each against the tests of the tree.
func table(t *testing.T, path string, least int) []held {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows []held
	if err := yaml.UnmarshalWithOptions(b, &rows, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if len(rows) < least {
		t.Errorf("%s has %d rows: one was lost", path, len(rows))
	}
	known, told := tests{}, map[string]bool{}
	for _, h := range rows {
		if len(h.Of) == 0 || !strings.HasSuffix(h.Here, ".") {
			t.Errorf("%s: a row says what it is about and what happens here: %q", h.Of, h.Here)
		}
		for _, of := range h.Of {
			if told[of] {
				t.Errorf("%s stands there twice", of)
			}
			told[of] = true
		}
		if (len(h.Tests) > 0) == (h.Cannot != "") {
			t.Errorf("%s: want tests, or why it cannot happen", h.Of)
		}
		for _, name := range h.Tests {
			if pkg, test, _ := strings.Cut(name, " "); !known.has(t, pkg, test) {
				t.Errorf("%s: there is no test %q in %q", h.Of, test, pkg)
			}
		}
	}
	return rows
}

// tests are the names of the tests of a package, by its folder.
type tests map[string]map[string]bool

func (k tests) has(t *testing.T, pkg, test string) bool {
	t.Helper()
	if k[pkg] == nil {
		k[pkg] = testsOf(t, pkg)
	}
	return k[pkg][test]
}

// testsOf reads the test files of a folder, whatever builds them.
func testsOf(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, path := range files {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				names[f.Name.Name] = true
			}
		}
	}
	return names
}
