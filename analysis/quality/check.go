package quality

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// Type is what a field's values must read as. The zero value takes anything.
type Type uint8

// The types. A number may stand in quotes, as the log source reads it too.
const (
	Any Type = iota
	Number
	Integer
	Boolean
	String
)

var typeWords = [...]string{"any", "number", "integer", "boolean", "string"}

// String is the type's word.
func (t Type) String() string {
	if int(t) < len(typeWords) {
		return typeWords[t]
	}
	return typeWords[0]
}

// TypeOf reads the type's word; an empty one takes anything.
func TypeOf(word string) (Type, error) {
	if word == "" {
		return Any, nil
	}
	if i := slices.Index(typeWords[:], word); i >= 0 {
		return Type(i), nil
	}
	return 0, fmt.Errorf("type %q: want %s", word, strings.Join(typeWords[:], ", "))
}

// Check is what one field must keep to.
type Check struct {
	Field    string
	Type     Type
	Values   []string // allowed ones; any when empty
	Min, Max float64  // allowed numbers; NaN: no bound
	Required bool     // a missing value is a violation, not only counted
	Unique   bool     // no value may come twice in an arm, among the newest
	// MaxShare is the share of violations above which the candidate breaches; MaxRatio the rate over legacy's that it is
	// judged against. 0: no such guard.
	MaxShare float64
	MaxRatio float64
}

// Violation is a way in which a value breaks a check.
type Violation uint8

// The violations. The zero value is none.
const (
	Missing Violation = iota + 1
	WrongType
	NotAllowed
	OutOfRange
	Repeated
)

var violationWords = [...]string{"", "missing", "wrong type", "not allowed", "out of range", "repeated"}

// Violations are all in their order.
func Violations() [5]Violation {
	return [5]Violation{Missing, WrongType, NotAllowed, OutOfRange, Repeated}
}

// String is the violation in words.
func (v Violation) String() string {
	if int(v) < len(violationWords) {
		return violationWords[v]
	}
	return violationWords[0]
}

// Validate says what is wrong with a check.
func (c Check) Validate() error {
	switch {
	case c.Field == "":
		return fmt.Errorf("check: no field")
	case c.Min > c.Max:
		return fmt.Errorf("check %s: the least value %g is above the most %g", c.Field, c.Min, c.Max)
	case c.ranged() && c.Type != Any && c.Type != Number && c.Type != Integer:
		return fmt.Errorf("check %s: a range is of numbers, not of type %s", c.Field, c.Type)
	case !(c.MaxShare >= 0 && c.MaxShare < 1):
		return fmt.Errorf("check %s: max %g: want a share below 100%%", c.Field, c.MaxShare)
	case c.MaxRatio != 0 && !(c.MaxRatio >= 1 && c.MaxRatio <= 100):
		return fmt.Errorf("check %s: max_ratio %g: want 1 to 100", c.Field, c.MaxRatio)
	case c.Type == Any && len(c.Values) == 0 && !c.ranged() && !c.Required && !c.Unique:
		return fmt.Errorf("check %s: nothing is asked of it", c.Field)
	}
	return nil
}

func (c Check) ranged() bool { return !math.IsNaN(c.Min) || !math.IsNaN(c.Max) }

// broken tells how a known value breaks the check by itself; 0: it does not.
func (c Check) broken(value sources.Text) Violation {
	text := value.String()
	if !c.Type.reads(text) {
		return WrongType
	}
	if len(c.Values) > 0 && !slices.Contains(c.Values, text) {
		return NotAllowed
	}
	if !c.ranged() {
		return 0
	}
	v, ok := number(text)
	switch {
	case !ok:
		return WrongType
	case v < c.Min || v > c.Max: // false where the bound is NaN
		return OutOfRange
	}
	return 0
}

func (t Type) reads(text string) bool {
	switch t {
	case Number:
		_, ok := number(text)
		return ok
	case Integer:
		v, ok := number(text)
		return ok && v == math.Trunc(v)
	case Boolean:
		return text == "true" || text == "false"
	case Any, String:
	}
	return true
}

// number reads a finite number.
func number(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}
