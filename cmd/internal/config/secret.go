package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/invopop/jsonschema"

	"rampart/sources/process"
)

// Secret is a value that is never printed: written in place, read from a file, or printed by a command. It is read when
// it is used and remembered until it is asked for afresh, as after a 401.
type Secret struct {
	File    string   `yaml:"file,omitempty"`
	Command []string `yaml:"command,omitempty"`
	literal Template
	unset   error // which of its variables is not set

	mu     sync.Mutex
	cached string
	known  bool
}

// UnmarshalYAML reads a string (with ${NAME}), {file: path} or {command: [name, arguments]}.
func (s *Secret) UnmarshalYAML(b []byte) error {
	var form struct {
		File    string   `yaml:"file"`
		Command []string `yaml:"command"`
	}
	if err := yaml.UnmarshalWithOptions(b, &form, yaml.Strict()); err == nil {
		if (form.File == "") == (len(form.Command) == 0) {
			return errors.New("secret: want one of a string, {file: path} or {command: [name, arguments]}")
		}
		s.File, s.Command = form.File, form.Command
		return nil
	}
	if bytes.IndexAny(bytes.TrimSpace(b), "{[") == 0 || bytes.Contains(b, []byte("file:")) {
		return errors.New("secret: want one of a string, {file: path} or {command: [name, arguments]}")
	}
	s.unset = s.literal.UnmarshalYAML(b) // told by who needs it: a rollback asks for no token of Prometheus
	return nil
}

// MarshalYAML prints where the value comes from, never the value.
func (s *Secret) MarshalYAML() (any, error) {
	switch {
	case s.File != "":
		return map[string]string{"file": s.File}, nil
	case len(s.Command) > 0:
		return map[string]string{"command": s.Command[0] + " …"}, nil
	case envRef.MatchString(s.literal.Written) && envRef.ReplaceAllString(s.literal.Written, "") == "":
		return s.literal.Written, nil
	}
	return "••••", nil
}

// String tells where the value comes from, never the value.
func (s *Secret) String() string {
	v, _ := s.MarshalYAML()
	return fmt.Sprint(v)
}

// JSONSchema describes it.
func (*Secret) JSONSchema() *jsonschema.Schema {
	file, command := jsonschema.NewProperties(), jsonschema.NewProperties()
	file.Set("file", &jsonschema.Schema{Type: "string"})
	command.Set("command", &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}})
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		{Type: "string", Description: "${NAME} stands for an environment variable."},
		{Type: "object", Properties: file, Required: []string{"file"}, AdditionalProperties: jsonschema.FalseSchema},
		{Type: "object", Properties: command, Required: []string{"command"}, AdditionalProperties: jsonschema.FalseSchema},
	}}
}

const (
	commandDeadline = 20 * time.Second
	mostSecret      = 64 << 10 // bytes; what says more is no secret, and may have no end
)

// Get returns the value, read again when fresh is set. Errors name the file or the command, never what it printed.
func (s *Secret) Get(ctx context.Context, fresh bool) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known && !fresh {
		return s.cached, nil
	}
	v, err := s.read(ctx)
	if err != nil {
		return "", err
	}
	s.cached, s.known = v, true
	return v, nil
}

func (s *Secret) read(ctx context.Context) (string, error) {
	switch {
	case s.File != "":
		b, err := os.ReadFile(Home(s.File))
		if err != nil {
			return "", fmt.Errorf("secret file %s: %w", s.File, errors.Unwrap(err))
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case len(s.Command) > 0:
		return s.run(ctx)
	}
	return s.literal.Value, s.unset
}

// run asks the command, which may ask whoever sits at the terminal. What it started and left behind is not waited for.
func (s *Secret) run(ctx context.Context) (string, error) {
	began := time.Now()
	got, err := process.Run(ctx, process.Command{Argv: s.Command, Timeout: commandDeadline, Most: mostSecret, Attended: true})
	if err == nil {
		return strings.TrimRight(string(got.Out), "\r\n"), nil
	}
	if status, ended := process.Status(err); ended {
		err = fmt.Errorf("exit status %d", status)
	} else if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("it did not answer within %s", time.Since(began).Round(100*time.Millisecond))
	}
	return "", fmt.Errorf("secret command %s: %w", s.Command[0], err)
}

// Home replaces a leading ~/ by the user's home folder.
func Home(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}
