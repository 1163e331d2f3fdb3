package main

import (
	"fmt"
	"slices"
	"strings"

	"rampart/sources"
)

// output is the value of --output: one of some words, the first of which is for people. That word is "text" everywhere
// but where a table has its own name; each is taken for the other.
type output struct {
	to    *string
	words []string
}

// outputOf is a flag's value with its words, the default first.
func outputOf(to *string, words ...string) *output {
	*to = words[0]
	return &output{to, words}
}

// String is the word that was chosen.
func (o *output) String() string {
	if o.to == nil {
		return ""
	}
	return *o.to
}

// Type is what usages call the value.
func (*output) Type() string { return "string" }

// Set takes one of the words.
func (o *output) Set(word string) error {
	if people := []string{"text", "table"}; slices.Contains(people, word) && slices.Contains(people, o.words[0]) {
		word = o.words[0]
	}
	if !slices.Contains(o.words, word) {
		last := len(o.words) - 1
		return fmt.Errorf("%q: want %s or %s", sources.Visible(word), strings.Join(o.words[:last], ", "), o.words[last])
	}
	*o.to = word
	return nil
}
