package wire

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// mirror says how values of one type travel: the type that stands for it in JSON, and the way there and back. The
// mirrored type has the same fields without their methods, so that enumerations and shares are plain numbers and exact.
type mirror struct {
	src, wire reflect.Type
	to, from  func(dst, src reflect.Value)
	shape     string // what both sides must agree on
}

// mirrorOf reads a type once. A type that cannot travel is a mistake of the program, found by the first test.
func mirrorOf(t reflect.Type) mirror {
	if m, ok := leaf(t); ok {
		return m
	}
	switch t.Kind() {
	case reflect.Struct:
		return mirrorStruct(t)
	case reflect.Slice:
		return mirrorSlice(t)
	case reflect.Array:
		e := mirrorOf(t.Elem())
		each := func(move func(dst, src reflect.Value)) func(dst, src reflect.Value) {
			return func(dst, src reflect.Value) {
				for i := range t.Len() {
					move(dst.Index(i), src.Index(i))
				}
			}
		}
		return mirror{t, reflect.ArrayOf(t.Len(), e.wire), each(e.to), each(e.from), fmt.Sprintf("[%d]%s", t.Len(), e.shape)}
	case reflect.Pointer:
		return mirrorPointer(t)
	case reflect.Map:
		return mirrorMap(t)
	default:
		return mirrorBasic(t)
	}
}

// leaf is how a type travels that means more than its fields.
func leaf(t reflect.Type) (mirror, bool) {
	switch t {
	case reflect.TypeFor[time.Time]():
		w := reflect.TypeFor[stamp]()
		convert := func(dst, src reflect.Value) { dst.Set(src.Convert(dst.Type())) }
		return mirror{t, w, convert, convert, "time"}, true
	case reflect.TypeFor[analysis.Value]():
		return mirror{
			t, reflect.TypeFor[value](),
			func(dst, src reflect.Value) { *at[value](dst) = valueOf(*at[analysis.Value](src)) },
			func(dst, src reflect.Value) { *at[analysis.Value](dst) = at[value](src).value() },
			fields(reflect.TypeFor[value]()),
		}, true
	case reflect.TypeFor[error]():
		return mirror{
			t, reflect.TypeFor[*fault](),
			func(dst, src reflect.Value) { *at[*fault](dst) = faultOf(*at[error](src)) },
			func(dst, src reflect.Value) { *at[error](dst) = (*at[*fault](src)).err() },
			fields(reflect.TypeFor[fault]()) + fields(reflect.TypeFor[place]()),
		}, true
	case reflect.TypeFor[sources.Text](), reflect.TypeFor[json.RawMessage]():
		return mirror{t, t, set, set, t.Name()}, true
	}
	return mirror{}, false
}

// fields is the shape of a type that was written by hand.
func fields(t reflect.Type) string {
	var b strings.Builder
	for i := range t.NumField() {
		fmt.Fprintf(&b, "%s %s;", t.Field(i).Tag.Get("json"), t.Field(i).Type)
	}
	return b.String()
}

// at is where a value lies; of one that lies nowhere, as in a map, a copy.
func at[T any](v reflect.Value) *T {
	if v.CanAddr() {
		return v.Addr().Interface().(*T)
	}
	x := v.Interface().(T)
	return &x
}

func set(dst, src reflect.Value) { dst.Set(src) }

func mirrorStruct(t reflect.Type) mirror {
	fields := make([]reflect.StructField, t.NumField())
	parts := make([]mirror, t.NumField())
	var shape strings.Builder
	for i := range fields {
		f := t.Field(i)
		if !f.IsExported() {
			panic(fmt.Sprintf("wire: %s.%s cannot travel: say in leaf how %s does", t, f.Name, t))
		}
		parts[i] = mirrorOf(f.Type)
		fields[i] = reflect.StructField{Name: f.Name, Type: parts[i].wire, Tag: `json:",omitzero"`}
		fmt.Fprintf(&shape, "%s %s;", f.Name, parts[i].shape)
	}
	return mirror{
		t, reflect.StructOf(fields),
		func(dst, src reflect.Value) {
			for i, p := range parts {
				p.to(dst.Field(i), src.Field(i))
			}
		},
		func(dst, src reflect.Value) {
			for i, p := range parts {
				p.from(dst.Field(i), src.Field(i))
			}
		},
		"{" + shape.String() + "}",
	}
}

// mirrorSlice keeps the difference between no slice and an empty one.
func mirrorSlice(t reflect.Type) mirror {
	e := mirrorOf(t.Elem())
	w := reflect.SliceOf(e.wire)
	if w == t {
		return mirror{t, w, set, set, "[]" + e.shape}
	}
	each := func(move func(dst, src reflect.Value)) func(dst, src reflect.Value) {
		return func(dst, src reflect.Value) {
			if src.IsNil() {
				return
			}
			dst.Set(reflect.MakeSlice(dst.Type(), src.Len(), src.Len()))
			for i := range src.Len() {
				move(dst.Index(i), src.Index(i))
			}
		}
	}
	return mirror{t, w, each(e.to), each(e.from), "[]" + e.shape}
}

func mirrorPointer(t reflect.Type) mirror {
	e := mirrorOf(t.Elem())
	inside := func(move func(dst, src reflect.Value)) func(dst, src reflect.Value) {
		return func(dst, src reflect.Value) {
			if src.IsNil() {
				return
			}
			dst.Set(reflect.New(dst.Type().Elem()))
			move(dst.Elem(), src.Elem())
		}
	}
	return mirror{t, reflect.PointerTo(e.wire), inside(e.to), inside(e.from), "*" + e.shape}
}

func mirrorMap(t reflect.Type) mirror {
	k, e := mirrorOf(t.Key()), mirrorOf(t.Elem())
	if k.wire.Kind() != reflect.String && !k.wire.ConvertibleTo(reflect.TypeFor[int64]()) {
		panic(fmt.Sprintf("wire: %s cannot travel: its keys are neither words nor numbers", t))
	}
	each := func(key, move func(dst, src reflect.Value)) func(dst, src reflect.Value) {
		return func(dst, src reflect.Value) {
			if src.IsNil() {
				return
			}
			dst.Set(reflect.MakeMapWithSize(dst.Type(), src.Len()))
			for from := src.MapRange(); from.Next(); {
				name, elem := reflect.New(dst.Type().Key()).Elem(), reflect.New(dst.Type().Elem()).Elem()
				key(name, from.Key())
				move(elem, from.Value())
				dst.SetMapIndex(name, elem)
			}
		}
	}
	return mirror{t, reflect.MapOf(k.wire, e.wire), each(k.to, e.to), each(k.from, e.from), "map[" + k.shape + "]" + e.shape}
}

// mirrorBasic strips a name and its methods from a plain type.
func mirrorBasic(t reflect.Type) mirror {
	w, ok := map[reflect.Kind]reflect.Type{
		reflect.Bool: reflect.TypeFor[bool](), reflect.String: reflect.TypeFor[string](),
		reflect.Int: reflect.TypeFor[int](), reflect.Int64: reflect.TypeFor[int64](), reflect.Int32: reflect.TypeFor[int32](),
		reflect.Uint8: reflect.TypeFor[uint8](), reflect.Uint16: reflect.TypeFor[uint16](), reflect.Uint32: reflect.TypeFor[uint32](),
		reflect.Uint64: reflect.TypeFor[uint64](), reflect.Uint: reflect.TypeFor[uint](), reflect.Float64: reflect.TypeFor[number](),
	}[t.Kind()]
	if !ok {
		panic(fmt.Sprintf("wire: %s cannot travel", t))
	}
	if w == t {
		return mirror{t, t, set, set, t.Kind().String()}
	}
	convert := func(dst, src reflect.Value) { dst.Set(src.Convert(dst.Type())) }
	return mirror{t, w, convert, convert, t.Kind().String()}
}
