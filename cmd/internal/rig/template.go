package rig

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

// Root is the folder that holds go.mod, searched upwards from the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find go.mod: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("find go.mod: none above the working directory")
		}
		dir = up
	}
}

// Render fills testdata/rig/name with data and writes it to dir/name, which only the caller can read: a config may hold a key.
func Render(dir, name string, data any) (string, error) {
	root, err := Root()
	if err != nil {
		return "", err
	}
	t, err := template.New(name).Option("missingkey=error").ParseFiles(filepath.Join(root, "testdata", "rig", name))
	if err != nil {
		return "", fmt.Errorf("read template: %w", err)
	}
	path := filepath.Join(dir, name)
	out, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	if err := t.Execute(out, data); err != nil {
		out.Close()
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	return path, out.Close()
}
