package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// ErrNotFound says that no file was given and none stands where files are searched.
var ErrNotFound = errors.New("no config found")

// Config is a checked file.
type Config struct {
	Path  string
	File  File
	lines map[string]int
}

// Search returns the files that are looked for, in their order, when none is named.
func Search(env func(string) string) []string {
	var out []string
	if p := env("RAMPART_CONFIG"); p != "" {
		return []string{p}
	}
	out = append(out, "rampart.yaml")
	home := env("XDG_CONFIG_HOME")
	if home == "" && env("HOME") != "" {
		home = filepath.Join(env("HOME"), ".config")
	}
	if home != "" {
		out = append(out, filepath.Join(home, "rampart", "config.yaml"))
	}
	return append(out, "/etc/rampart/config.yaml")
}

// Find returns the named file, or the first one found, or ErrNotFound.
func Find(name string, env func(string) string) (string, error) {
	if name != "" {
		return name, nil
	}
	files := Search(env)
	for _, f := range files {
		if _, err := os.Stat(f); err == nil || env("RAMPART_CONFIG") != "" {
			return f, nil
		}
	}
	return "", fmt.Errorf("%w: looked at %s", ErrNotFound, strings.Join(files, ", "))
}

// Load reads and checks a file.
func Load(path string) (*Config, error) {
	b, err := readSome(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return nil, fmt.Errorf("config %s: %w", path, err)
	}
	return Parse(path, b)
}

// most is the largest file that is read. Real ones have a few kilobytes; the YAML parser takes ten seconds over a megabyte,
// and nothing can end it meanwhile.
const most = 1 << 18

// readSome reads a file as far as one byte more than Parse accepts, so that an endless one ends too.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}

// isText tells why bytes cannot be a config, before the YAML parser spends time on them and quotes them.
func isText(b []byte) (Mistake, bool) {
	switch {
	case len(b) > most:
		return Mistake{Text: "larger than 256 KiB", Fix: "is this the right file?"}, false
	case !utf8.Valid(b) || bytes.IndexByte(b, 0) >= 0:
		return Mistake{Text: "not a text file in UTF-8", Fix: "is this the right file?"}, false
	}
	return Mistake{}, true
}

// Parse checks the bytes of a file. Its error is an *Error with every mistake found, or one of YAML's own.
func Parse(path string, b []byte) (*Config, error) {
	if m, ok := isText(b); !ok {
		return nil, &Error{File: path, Mistakes: []Mistake{m}}
	}
	tree, err := parser.ParseBytes(b, 0)
	if err != nil {
		return nil, &Error{File: path, Mistakes: []Mistake{syntaxMistake(err)}}
	}
	if len(tree.Docs) > 1 {
		return nil, &Error{File: path, Mistakes: []Mistake{{Text: "holds more than one document", Fix: "remove the --- lines"}}}
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, &Error{File: path, Mistakes: []Mistake{{Text: "the file is empty", Fix: "rampart config default prints one to start from"}}}
	}
	body := tree.Docs[0].Body
	if ms := append(unseen(body, ""), unknownKeys(body, reflect.TypeFor[File](), "")...); len(ms) > 0 {
		return nil, &Error{File: path, Mistakes: ms}
	}
	c := &Config{Path: path, lines: lineIndex(body, "")}
	if err := yaml.Unmarshal(b, &c.File); err != nil {
		return nil, &Error{File: path, Mistakes: []Mistake{syntaxMistake(err)}}
	}
	if ms := c.check(); len(ms) > 0 {
		return nil, &Error{File: path, Mistakes: ms}
	}
	return c, nil
}

// syntaxMistake keeps the place and the reason of a YAML error and drops the excerpt, which may hold a secret.
func syntaxMistake(err error) Mistake {
	var ye yaml.Error
	if errors.As(err, &ye) && ye.GetToken() != nil {
		return Mistake{Line: ye.GetToken().Position.Line, Text: ye.GetMessage()}
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return Mistake{Text: first}
}
