package redact

// ibanLength is the length of account numbers by country (SWIFT IBAN registry, release 99).
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18,
	"FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23,
	"IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27,
	"MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28,
	"PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27,
	"SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// iban looks for an account number that starts at i, in one piece or in groups of four.
func (s *scanner) iban(i int) int {
	b := s.b
	if i+15 > len(b) || !is(b, i+1, isUpper) || !is(b, i+2, isDigit) || !is(b, i+3, isDigit) {
		return 0
	}
	want := ibanLength[string(b[i:i+2])]
	n, rest, to := 0, 0, i
	for j := i; j < len(b) && n < want; j++ {
		if b[j] == ' ' && n%4 == 0 && n > 0 && b[j-1] != ' ' {
			continue
		}
		if !is(b, j, isDigit|isUpper) {
			return 0
		}
		if n >= 4 {
			rest = mod97(rest, b[j])
		}
		n++
		to = j + 1
	}
	if want == 0 || n < want || !s.bounded(i, to) {
		return 0
	}
	for _, c := range b[i : i+4] {
		rest = mod97(rest, c)
	}
	if rest != 1 {
		return 0
	}
	return s.hit(IBAN, i, to)
}

// mod97 carries the remainder of ISO 7064 over one more character, a letter counting as 10 to 35.
func mod97(rest int, c byte) int {
	if c >= 'A' {
		return (rest*100 + int(c-'A') + 10) % 97
	}
	return (rest*10 + int(c-'0')) % 97
}
