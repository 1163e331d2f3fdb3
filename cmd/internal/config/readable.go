package config

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// Unreadable are the secrets that cannot be read here and now, each with its place: files are read and commands are run,
// all at once. What they hold is neither kept by the caller nor told.
func (c *Config) Unreadable(ctx context.Context) []Mistake {
	var mu sync.Mutex
	var wg sync.WaitGroup
	var out []Mistake
	for at, s := range secrets(reflect.ValueOf(c.File), "") {
		wg.Go(func() {
			if _, err := s.Get(ctx, false); err != nil {
				mu.Lock()
				defer mu.Unlock()
				out = append(out, c.mistake(at, err.Error(), "see that the secret can be read"))
			}
		})
	}
	wg.Wait()
	slices.SortFunc(out, func(a, b Mistake) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// secrets finds every secret below a value by its path, so that a section that is added brings its own.
func secrets(v reflect.Value, at string) map[string]*Secret {
	out := map[string]*Secret{}
	under := func(v reflect.Value, at string) {
		for path, s := range secrets(v, at) {
			out[path] = s
		}
	}
	if s, ok := reflect.TypeAssert[*Secret](v); ok {
		if s != nil {
			out[at] = s
		}
		return out
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			under(v.Elem(), at)
		}
	case reflect.Struct:
		for f, field := range v.Fields() {
			name, opts, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			switch {
			case strings.Contains(opts, "inline"):
				under(field, at)
			case name != "" && name != "-":
				under(field, join(at, name))
			}
		}
	case reflect.Map:
		for key, e := range v.Seq2() {
			under(e, join(at, key.String()))
		}
	case reflect.Slice:
		for i := range v.Len() {
			under(v.Index(i), fmt.Sprintf("%s[%d]", at, i))
		}
	}
	return out
}
