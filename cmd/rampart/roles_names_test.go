package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/relay"
	"rampart/cmd/internal/wire"
	"rampart/sources"
	"rampart/ui"
)

// looks are the names that change neither traffic nor journal nor masks, whoever asks, or that change a console's own
// view and own files only. A name that is new anywhere fails the test below until it stands here or has a row in deeds.
var looks = map[string]string{
	"palette": "confirm-within service theme panel",
	"key": "help palette next_panel previous_panel overview open back query copy copy_panel bundle refresh redraw theme suspend quit quit_now down up left right" +
		" top bottom half_down half_up page_down page_up cursor_back cursor_forward zoom_in zoom_out zoom_reset window_back window_forward freeze live expand" +
		" search next_match previous_match filter unfilter next_error previous_error follow wrap time mark mark_range next_mark pin fields diff pairs",
	"request": "hello services frames logs line seek refresh",
	"place":   "Next Logs Line Refresh Service Seek Now",
	"client":  "Next Logs Line Refresh Service Services Seek Now Hello Done",
	// The plan's own acts are a runner's: whoever may run one may write to the plane anyway. A recorded rollout has no desk.
	"command": "attach watch demo check doctor version run judge|audit show|audit verify|config check|config default|config schema|config show|ramp status" +
		"|profile save|profile show|profile diff|logs diff|logs pairs|logs report|logs search|logs tail|logs templates",
}

// doors are the names behind which more than one deed stands, or that a deed has beside its own.
var doors = map[string][]string{
	"palette ramp": {"start", "stop", "hold", "resume", "set_split", "step", "promote", "rollback", "approve", "confirm"}, "palette split": {"set_split"},
	"key split": {"set_split"}, "key hold": {"hold", "resume"},
	"request preview": {"rollback"}, "request do": {"rollback"}, "place Preview": {"rollback"}, "place Do": {"rollback"}, "client Preview": {"rollback"}, "client Do": {"rollback"},
	"command ramp split": {"set_split"}, "command audit mend": {"mend"},
}

func TestRoles_EveryVerbHasARow(t *testing.T) {
	rows := map[string]bool{}
	for _, d := range deeds() {
		rows[d.name] = true
	}
	for kind, names := range map[string][]string{
		"verb": verbNames(), "palette": paletteNames(t), "key": keyNames(), "request": requestNames(t), "command": commandNames(newRoot(streams{env: func(string) string { return "" }}), ""),
		"place": methodsOf(reflect.TypeFor[relay.Place]()), "client": methodsOf(reflect.TypeFor[*wire.Client]()),
	} {
		if len(names) < 7 {
			t.Errorf("%s: %d names were found in the code: %q", kind, len(names), names)
		}
		for _, name := range names {
			short := strings.ToLower(strings.TrimPrefix(name, "ramp "))
			switch through, ok := doors[kind+" "+name]; {
			case ok:
				for _, of := range through {
					if !rows[of] {
						t.Errorf("%s %q leads to %q, which has no row", kind, name, of)
					}
				}
			case rows[short], looksOnly(kind, name):
			default:
				t.Errorf("%s %q is new: give it a row in deeds, or say that it only looks", kind, name)
			}
		}
	}
}

func looksOnly(kind, name string) bool {
	for _, part := range strings.Split(looks[kind], "|") {
		if part == name || !strings.Contains(name, " ") && slices.Contains(strings.Fields(part), name) {
			return true
		}
	}
	return kind == "key" && strings.HasPrefix(name, "panel_")
}

// verbNames are the words of all actions there are.
func verbNames() []string {
	var out []string
	for v := sources.Verb(1); v.String() != sources.Verb(0).String(); v++ {
		out = append(out, v.String())
	}
	return out
}

// keyNames are the verbs of the table of keys.
func keyNames() []string {
	var out []string
	for line := range strings.Lines(ui.KeyTable()) {
		if cells := strings.Split(strings.ReplaceAll(line, `\|`, ""), "|"); len(cells) > 3 {
			for _, m := range regexp.MustCompile("`([a-z_0-9]+)`").FindAllStringSubmatch(cells[3], -1) {
				out = append(out, m[1])
			}
		}
	}
	return out
}

// paletteNames are the commands of the palette, as its source has them.
func paletteNames(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../../ui/palette.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Name.Name != "commands" {
			return true
		}
		ast.Inspect(f, func(n ast.Node) bool {
			row, ok := n.(*ast.CompositeLit)
			if !ok || len(row.Elts) < 5 {
				return true
			}
			if name, ok := row.Elts[0].(*ast.BasicLit); ok && name.Kind == token.STRING {
				word, _ := strconv.Unquote(name.Value)
				out = append(out, word)
			}
			return true
		})
		return false
	})
	return out
}

// requestNames are the requests of the wire, as its source has them.
func requestNames(t *testing.T) []string {
	t.Helper()
	b, err := os.ReadFile("../internal/wire/server.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile(`"(?:GET|POST) /v1/([a-z]+)"`).FindAllStringSubmatch(string(b), -1) {
		out = append(out, m[1])
	}
	return out
}

// commandNames are the command line's, without those that only hold others.
func commandNames(c *cobra.Command, path string) []string {
	var out []string
	for _, sub := range c.Commands() {
		name := strings.TrimSpace(path + " " + sub.Name())
		if sub.HasSubCommands() {
			out = append(out, commandNames(sub, name)...)
		} else {
			out = append(out, name)
		}
	}
	return out
}

func methodsOf(t reflect.Type) []string {
	var out []string
	for i := range t.NumMethod() {
		out = append(out, t.Method(i).Name)
	}
	return out
}
