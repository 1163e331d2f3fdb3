//go:build integration

package elastic_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// searched is an index in which a field of every type stands that a person may filter by.
const searched = `{"settings":{"number_of_replicas":0},"mappings":{"dynamic":false,"properties":{
	"@timestamp":{"type":"date"},"message":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":40}}},
	"log":{"properties":{"level":{"type":"keyword"}}},"labels":{"properties":{"track":{"type":"keyword"}}},
	"user":{"properties":{"name":{"type":"keyword"},"agent":{"type":"keyword","ignore_above":12},"bio":{"type":"text","analyzer":"whitespace"},"home":{"type":"keyword"}}},
	"status":{"type":"long"},"ratio":{"type":"double"},"ok":{"type":"boolean"},"due":{"type":"date"},"client":{"type":"ip"},
	"alias":{"type":"alias","path":"user.name"},
	"items":{"properties":{"sku":{"type":"keyword"}}},"deep":{"type":"nested","properties":{"sku":{"type":"keyword"}}},
	"flat":{"type":"flattened"},"stored":{"type":"text","index":false},"stemmed":{"type":"text","analyzer":"stop"}}}}`

// hostile is what a message and a name hold to break a query.
const hostile = `say "no\way" a*b?c (x OR y) {"query":{}} <script> $` + "`" + `; ünïcode`

// documents are named by what is special about them.
var documents = map[string]string{
	"hostile": `"message":%q,"user":{"name":%q}`,
	"long":    `"message":"connection reset by peer while reading the answer","user":{"agent":"a-very-long-agent-that-no-keyword-holds","name":"Ann"}`,
	"short":   `"message":"Timeout after_250ms in shard-7","user":{"agent":"curl/8.1","name":"anna","bio":"Likes Running far","home":"/srv/A*b?c\\d/x"}`,
	"numbers": `"message":"slow","status":503,"ratio":0.25,"ok":true,"due":"2026-11-03T10:00:00Z","client":"10.0.0.7"`,
	"strings": `"message":"as text","status":"504","ok":"false"`,
	"nested":  `"message":"bought","items":[{"sku":"red-1"},{"sku":"blue-2"}],"deep":[{"sku":"deep-1"}],"flat":{"a":"b"},"stemmed":"running quickly"`,
	"unknown": `"message":"who","extra":{"note":"nobody mapped me"},"stored":"kept only"`,
}

func searchable(t *testing.T, n *node) *elastic.Source {
	t.Helper()
	n.must(t, http.MethodPut, "/searched-1", searched)
	text, err := json.Marshal(hostile)
	must(t, err)
	var b strings.Builder
	at := time.Now().Add(-time.Minute)
	for i, id := range slices.Sorted(func(yield func(string) bool) {
		for id := range documents {
			if !yield(id) {
				return
			}
		}
	}) {
		body := strings.ReplaceAll(documents[id], "%q", string(text))
		level, track := []string{"info", "error"}[i%2], []string{"stable", "canary"}[i%2]
		fmt.Fprintf(&b, "{\"create\":{\"_index\":\"searched-1\",\"_id\":%q}}\n{\"@timestamp\":%q,\"log\":{\"level\":%q},\"labels\":{\"track\":%q},%s}\n", id, at.Add(time.Duration(i)*time.Second).Format(time.RFC3339Nano), level, track, body)
	}
	if answer := n.must(t, http.MethodPost, "/_bulk?refresh=true", b.String()); strings.Contains(answer, `"errors":true`) {
		t.Fatal(answer)
	}
	s, err := elastic.New(elastic.Config{URLs: []string{n.url}, Index: "searched-*", Arm: arms, Now: time.Now, Rand: rand.Float64})
	must(t, err)
	return s
}

func TestFind_KnowsEveryTypeOfFieldOnARealCluster(t *testing.T) {
	n := startNode(t)
	s := searchable(t, n)
	for name, c := range map[string]struct {
		where sources.Condition
		ids   string // that have to be found; others may be beside them where the caller sorts them out
		exact bool
		why   string
	}{
		"a word of a text":                         {where: sources.Condition{Text: "timeout", Fold: true}, ids: "short", exact: true},
		"a part of a word":                         {where: sources.Condition{Text: "meou", Fold: true}, ids: "short", exact: true},
		"parts of two words":                       {where: sources.Condition{Text: "et by pe", Fold: true}, ids: "long", exact: true},
		"a word within another":                    {where: sources.Condition{Text: "250ms"}, ids: "short", exact: true},
		"hostile text":                             {where: sources.Condition{Text: hostile}, ids: "hostile", exact: true},
		"a piece of hostile text":                  {where: sources.Condition{Text: `no\way" a*b?c (x`}, ids: "hostile", exact: true},
		"hostile text in a keyword":                {where: sources.Condition{Field: "user.name", Text: hostile}, ids: "hostile", exact: true},
		"stars in a keyword are stars":             {where: sources.Condition{Field: "user.name", Text: `a*b?c`}, ids: "hostile", exact: true},
		"a keyword in any case":                    {where: sources.Condition{Field: "user.name", Text: "ann", Fold: true}, ids: "long short", exact: true},
		"a keyword in its case":                    {where: sources.Condition{Field: "user.name", Text: "Ann"}, ids: "long", exact: true},
		"not in a keyword":                         {where: sources.Condition{Field: "user.name", Text: "ann", Fold: true, Not: true}, ids: "hostile nested numbers strings unknown", exact: true},
		"a value that the keyword ignored":         {where: sources.Condition{Field: "user.agent", Text: "no-keyword"}, ids: "long", exact: true},
		"a text whose keyword ignored it":          {where: sources.Condition{Field: "message.keyword", Text: "reading"}, ids: "long"},
		"whitespace between":                       {where: sources.Condition{Field: "user.bio", Text: "kes run", Fold: true}, ids: "short", exact: true},
		"signs in a keyword":                       {where: sources.Condition{Field: "user.home", Text: `A*b?c\d`}, ids: "short", exact: true},
		"an alias":                                 {where: sources.Condition{Field: "alias", Text: "anna"}, ids: "short", exact: true},
		"a whole number":                           {where: sources.Condition{Field: "status", Text: "503"}, ids: "numbers", exact: true},
		"a number that was written as text":        {where: sources.Condition{Field: "status", Text: "504"}, ids: "strings", exact: true},
		"not a number":                             {where: sources.Condition{Field: "status", Text: "503", Not: true}, ids: "hostile long nested short strings unknown", exact: true},
		"a fraction":                               {where: sources.Condition{Field: "ratio", Text: "0.25"}, ids: "numbers", exact: true},
		"true":                                     {where: sources.Condition{Field: "ok", Text: "true"}, ids: "numbers", exact: true},
		"an object in a list":                      {where: sources.Condition{Field: "items.sku", Text: "blue"}, ids: "nested", exact: true},
		"a number beyond what the field holds":     {where: sources.Condition{Field: "status", Text: "99999999999999999999"}},
		"a fraction of a whole number":             {where: sources.Condition{Field: "status", Text: "503.5"}},
		"a word where numbers are":                 {where: sources.Condition{Field: "status", Text: "5xx"}, why: "is a number"},
		"no number":                                {where: sources.Condition{Field: "status", Text: "NaN"}, why: "is a number"},
		"a date":                                   {where: sources.Condition{Field: "due", Text: "2026"}, why: "of type date"},
		"an address":                               {where: sources.Condition{Field: "client", Text: "10.0"}, why: "of type ip"},
		"a nested object":                          {where: sources.Condition{Field: "deep.sku", Text: "deep"}, why: "nested"},
		"flattened":                                {where: sources.Condition{Field: "flat", Text: "b"}, why: "flattened"},
		"an object":                                {where: sources.Condition{Field: "user", Text: "ann"}, why: "no field user"},
		"a field that nobody mapped":               {where: sources.Condition{Field: "extra.note", Text: "nobody"}, why: "no field"},
		"a field that is only kept":                {where: sources.Condition{Field: "stored", Text: "kept"}, why: "not indexed"},
		"a text that lacks its common words":       {where: sources.Condition{Field: "stemmed", Text: "the"}, why: "not as they are written"},
		"what a text does not hold":                {where: sources.Condition{Text: "timeout", Not: true}, why: "words"},
		"signs alone":                              {where: sources.Condition{Text: "…*?"}, why: "no letter or digit"},
		"more letters than a word of an index has": {where: sources.Condition{Text: strings.Repeat("a", 300)}, why: "no letter or digit"},
	} {
		got, err := s.Find(t.Context(), sources.Search{LogQuery: sources.LogQuery{Window: sources.Window{From: time.Now().Add(-time.Hour), To: time.Now()}}, Where: []sources.Condition{c.where}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.why != "" {
			if len(got.Refused) != 1 || !strings.Contains(got.Refused[0].Why, c.why) || len(got.Lines) > 0 {
				t.Errorf("%s: %d lines, refused %+v, want %q", name, len(got.Lines), got.Refused, c.why)
			}
			continue
		}
		var ids []string
		for _, l := range got.Lines {
			ids = append(ids, l.ID)
		}
		slices.Sort(ids)
		for _, id := range strings.Fields(c.ids) {
			if !slices.Contains(ids, id) {
				t.Errorf("%s: %s is missing in %q %+v", name, id, ids, got.Refused)
			}
		}
		if c.exact && strings.Join(ids, " ") != c.ids {
			t.Errorf("%s: found %q, want %q", name, ids, c.ids)
		}
	}
	n.must(t, http.MethodPut, "/_cluster/settings", `{"persistent":{"search.allow_expensive_queries":false}}`)
	_, err := s.Find(t.Context(), sources.Search{LogQuery: sources.LogQuery{Window: sources.Window{From: time.Now().Add(-time.Hour), To: time.Now()}}, Where: []sources.Condition{{Text: "timeout"}}})
	if err == nil || !strings.Contains(err.Error(), "allow_expensive_queries") {
		t.Errorf("a cluster that allows no such search: %v", err)
	}
}
