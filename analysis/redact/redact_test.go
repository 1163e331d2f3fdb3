package redact

import (
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func redactor(tb testing.TB, cfg Config) *Redactor {
	tb.Helper()
	r, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

func TestRedactor_MasksWhatIsSensitive(t *testing.T) {
	r := redactor(t, Config{IP: true, Patterns: []Pattern{{"patient", `\bP-\d{6}\b`}}})
	for in, want := range map[string]string{
		"mail anna.b+x@mail.example.co.uk now":                                              "mail ‹email› now",
		"<jörg@example.de>, bob@x.io.":                                                      "<‹email›>, ‹email›.",
		"user=anna@example.com,ok":                                                          "user=‹email›,ok",
		"card 4111111111111111 declined":                                                    "card ‹card› declined",
		"card=4111 1111 1111 1111;":                                                         "card=‹card›;",
		"5555-5555-5555-4444 3782 822463 10005 30569309025904":                              "‹card› ‹card› ‹card›",
		"paid 12 4012 8888 8888 1881 7":                                                     "paid 12 ‹card› 7",
		"x4111111111111111y":                                                                "x‹card›y",
		"6011111111111117 3530111333300000 2223003122003222":                                "‹card› ‹card› ‹card›",
		"to DE89370400440532013000 and GB29 NWBK 6016 1331 9268 19.":                        "to ‹iban› and ‹iban›.",
		"NL91ABNA0417164300":                                                                "‹iban›",
		"call +49 151 23456789 or +14155552671":                                             "call ‹phone› or ‹phone›",
		"call (415) 555-2671, 415-555-2671, 1-415-555-2671, 415.555.2671":                   "call ‹phone›, ‹phone›, ‹phone›, ‹phone›",
		"Tel 030/1234567 oder 0151 23456789":                                                "Tel ‹phone› oder ‹phone›",
		`{"phone":"4155552671","n":1}`:                                                      `{"phone":"‹phone›","n":1}`,
		"msisdn=491512345678":                                                               "msisdn=‹phone›",
		"Authorization: Bearer abc123.def-456":                                              "Authorization: Bearer ‹token›",
		"authorization: basic dXNlcjpwYXNzd29yZA==":                                         "authorization: basic ‹token›",
		"X-Api-Key: 9f8e7d6c5b4a":                                                           "X-Api-Key: ‹token›",
		"jwt " + jwt + " seen":                                                              "jwt ‹jwt› seen",
		"AKIAIOSFODNN7EXAMPLE used":                                                         "‹key› used",
		"aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY":                    "aws_secret_access_key=‹token›",
		"ghp_16C7e42F292c6912E7710c838347Ae178B4a xoxb-123456789012-abcd":                   "‹token› ‹token›",
		"key sk-proj-abcDEF1234567890abcDEF12 and AIzaSyA1234567890abcdefghijklmnopqrstuvw": "key ‹token› and ‹token›",
		`password=hunter2 next`:                                                             `password=‹password› next`,
		`{"password":"a \"b\" c","user":"x"}`:                                               `{"password":"‹password›","user":"x"}`,
		`{\"db_passwd\":\"x y\",\"n\":1}`:                                                   `{\"db_passwd\":\"‹password›\",\"n\":1}`,
		"postgres://app:s3cr3t@db:5432/x":                                                   "postgres://app:‹password›@db:5432/x",
		"https://abcDEF12345@host/x":                                                        "https://‹token›@host/x",
		"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- ok":           "‹private_key› ok",
		"-----BEGIN PRIVATE KEY-----\\nMIIEvQ":                                              "‹private_key›",
		"from 10.1.2.3:8080 and 2001:db8::1, fe80::1ff:fe23:4567:890a":                      "from ‹ip›:8080 and ‹ip›, ‹ip›",
		"patient P-123456 in bed 7":                                                         "patient ‹patient› in bed 7",
	} {
		if got := r.Mask(sources.NewText(in), nil).Raw(); got != want {
			t.Errorf("%q\n gives %q\n want  %q", in, got, want)
		}
	}
}

func TestRedactor_LeavesEvidenceAlone(t *testing.T) {
	r := redactor(t, Config{})
	for _, in := range []string{
		"", "plain words", "2024-05-01T12:00:00.123456789Z took 12.5ms", "17/06/09 20:10:40 INFO", "1700000000 1700000000000 1700000000000000 1700000000000000000",
		"blk_-1608999687919862906 of size 67108864", "10.251.73.220:50010 2001:db8::1", "550e8400-e29b-41d4-a716-446655440000",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "version 1.2.3.4-5", "4111111111111112 fails the check",
		"GoogleObject@712d093", "getty@tty1.service started", "logo@2x.png", "git@github.com:org/repo", "@decorator", "a@b", "pkg@1.2.3",
		"akka.tcp://sparkExecutorActorSystem@mesos-slave-07:55904", "unexpected token: foo", "password: incorrect", "max_tokens=4096 next_token=",
		"token=null secret=none", "Bearer authentication failed", "basic authentication required", "primary_key=1234567890", "hotel=12345678",
		"+1s0ms", "+01:00 +0530", "delta +1234567", "lat=-33.8688 lon=151.2093", "range 100-200-300", "3-3-4 123-456-789", "220-135-151-1.hinet-ip.hinet.net",
		"DE00370400440532013000", "ID12345678901234567890", "GB29 is a code", "eyJ is not a token", "AKIA is short", "sk-learn-contrib-something-long",
		"-----BEGIN CERTIFICATE-----", "----------", "Fan speeds ( 3552 3534 3375 4787 )", "pid 0123 tid 0456", "key: value", "x=1, y=2",
		"‹email› and ‹card›", "‹not a kind›",
	} {
		if got := r.Mask(sources.NewText(in), nil).Raw(); got != in {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func TestRedactor_CountsHitsByKind(t *testing.T) {
	tally := Tally{}
	r := redactor(t, Config{})
	r.Mask(sources.NewText("a@b.de c@d.fr 4111111111111111"), tally)
	r.Mask(sources.NewText("nothing"), tally)
	if tally[Email] != 2 || tally[Card] != 1 || tally.Total() != 3 || len(tally) != 2 {
		t.Errorf("%v", tally)
	}
}

func TestRedactor_LeavesWhatIsSwitchedOff(t *testing.T) {
	in := "a@b.de 4111111111111111 10.0.0.1 token=abcdefgh1"
	got := redactor(t, Config{Off: []Kind{Email, Token}}).Mask(sources.NewText(in), nil).Raw()
	if want := "a@b.de ‹card› 10.0.0.1 token=abcdefgh1"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRedactor_JoinsHitsThatOverlap(t *testing.T) {
	r := redactor(t, Config{Patterns: []Pattern{{"order", `order \S+`}, {"tail", `example\.com!`}}})
	for in, want := range map[string]string{
		"order anna@example.com":     "‹order›",
		"to anna@example.com! later": "to ‹email› later",
	} {
		if got := r.Mask(sources.NewText(in), nil).Raw(); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func TestConfig_TellsWhatIsWrong(t *testing.T) {
	for why, cfg := range map[string]Config{
		"no such kind":  {Off: []Kind{"emails"}},
		"letter first":  {Patterns: []Pattern{{"", "x"}}},
		"built-in":      {Patterns: []Pattern{{Email, "x"}}},
		"finds nothing": {Patterns: []Pattern{{"a", ""}}},
		"missing":       {Patterns: []Pattern{{"a", "("}}},
		"Perl":          {Patterns: []Pattern{{"a", `(?=x)`}}},
		"too many":      {Patterns: make([]Pattern, 65)},
	} {
		_, err := New(cfg)
		if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", why, err)
		}
	}
}

func TestLuhnAndMod97_KnowTheirExamples(t *testing.T) {
	for number, want := range map[string]bool{"79927398713": true, "79927398710": false, "4111111111111111": true, "0": true, "1": false} {
		if luhn([]byte(number)) != want {
			t.Errorf("Luhn of %s is not %v", number, want)
		}
	}
}

func TestRedactor_CostStaysLinear(t *testing.T) {
	r := redactor(t, Config{IP: true, Patterns: []Pattern{{"slow", `(a+)+$`}}})
	for _, unit := range []string{"token=", "a@", "@", "eyJaaaaaaaaa.", "sk-", "-----BEGIN ", "4111 ", "+1 ", "://", `password="`, "(415) ", "‹", "AKIA", "0151-", "a.", "::", "Bearer "} {
		in := []byte(strings.Repeat(unit, 1<<16/len(unit)))
		if out := r.AppendMasked(nil, in, nil); len(out) > r.MaxLen(len(in)) {
			t.Errorf("%q: %d bytes became %d", unit, len(in), len(out))
		}
	}
}

func FuzzRedactor_MasksOnceAndForAll(f *testing.F) {
	for _, s := range []string{"4111111111111111", "a@b.de", "‹email›4111 1111 1111 1111", jwt, "password=x", "+4915123456789", "x://a:b@c", "token=‹jwt›a1234567", "DE89370400440532013000", "1.2.3.4"} {
		f.Add(s)
	}
	plain := redactor(f, Config{IP: true})
	f.Fuzz(func(t *testing.T, in string) {
		once := plain.AppendMasked(nil, []byte(in), nil)
		if twice := plain.AppendMasked(nil, once, nil); string(twice) != string(once) {
			t.Fatalf("%q\n once  %q\n twice %q", in, once, twice)
		}
		if len(once) > plain.MaxLen(len(in)) {
			t.Fatalf("%d bytes became %d", len(in), len(once))
		}
		if n := cardIn(once); n >= 0 {
			t.Fatalf("%q leaves a card at %d of %q", in, n, once)
		}
	})
}

// cardIn finds sixteen digits of an issuer that pass the check and have no digit beside them, by brute force.
func cardIn(b []byte) int {
	for i := 0; i+16 <= len(b); i++ {
		run := digitsAt(b, i)
		if run.len() == 16 && !is(b, i-1, isDigit) && issued(b[i:i+16]) && luhn(b[i:i+16]) {
			return i
		}
	}
	return -1
}

func BenchmarkRedactor_AppendMasked(b *testing.B) {
	lines := map[string]string{
		"nothing":  `2024-05-01T12:00:00.123Z INFO request served path=/v1/rank status=200 took=12.3ms id=550e8400-e29b-41d4-a716-446655440000 shard 7`,
		"document": `{"@timestamp":"2026-11-21T14:42:21.914Z","data_stream":{"dataset":"ranker","namespace":"prod","type":"logs"},"ecs":{"version":"8.11.0"},"event":{"dataset":"ranker.app","duration":71962765,"ingested":"2026-11-21T14:42:22.957Z","outcome":"success"},"host":{"name":"stable-1"},"http":{"request":{"method":"POST"},"response":{"status_code":200}},"kubernetes":{"namespace":"prod","pod":{"name":"stable-1"}},"labels":{"app":"ranker","track":"stable"},"log":{"level":"info","logger":"ranker.serve"},"message":"rank served 19 items in 71 ms","prediction":{"model":"ranker-41","score":0.5321057721084985},"trace":{"id":"08bc07fd3ee469531981d2e8d47c8d38"},"url":{"path":"/rank"},"user":{"id":"39502"}}`,
		"hits":     `2024-05-01T12:00:00.123Z WARN card 4111 1111 1111 1111 of anna@example.com declined, Authorization: Bearer abc123.def-456 ip 10.0.0.1`,
	}
	for name, line := range lines {
		b.Run(name, func(b *testing.B) {
			r := redactor(b, Config{})
			src := []byte(line)
			var dst []byte
			b.SetBytes(int64(len(src)))
			b.ReportAllocs()
			for b.Loop() {
				dst = r.AppendMasked(dst[:0], src, nil)
			}
		})
	}
}
