package config

import (
	"reflect"
	"slices"
)

// mostHomes is up to how many places are named for a key that stands in the wrong one: more are no help.
const mostHomes = 2

// homesOf names where a file may have a key: "services.NAME.logs", for one that was put elsewhere, as a part of an example
// is when it is tried alone. It is empty for a key that no place has, and for one that many have, such as url.
func homesOf(key string) []string {
	var out []string
	homes(reflect.TypeFor[File](), "", nil, func(at string, fields map[string]reflect.Type) {
		if _, ok := fields[key]; ok && !slices.Contains(out, at) {
			out = append(out, at)
		}
	})
	if len(out) > mostHomes {
		return nil
	}
	return out
}

// homes gives visit every struct that can stand in a file, with its path. Within is what the path went through: a type that
// holds itself is not gone into again.
func homes(t reflect.Type, at string, within []reflect.Type, visit func(string, map[string]reflect.Type)) {
	switch t.Kind() {
	case reflect.Pointer:
		homes(t.Elem(), at, within, visit)
		return
	case reflect.Slice:
		homes(t.Elem(), at+"[]", within, visit)
		return
	case reflect.Map:
		homes(t.Elem(), join(at, "NAME"), within, visit)
		return
	}
	if t.Kind() != reflect.Struct || decodesItself(t) || slices.Contains(within, t) {
		return
	}
	fields := yamlFields(t)
	if at == "" {
		visit("no other key", fields)
	} else {
		visit(at, fields)
	}
	for _, name := range sortedKeys(fields) {
		homes(fields[name], join(at, name), append(slices.Clone(within), t), visit)
	}
}
