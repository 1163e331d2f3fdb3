package redact

import "slices"

// Kind names what was found. It is the word in the placeholder, in counts and in the configuration.
type Kind string

// The built-in kinds.
const (
	Email      Kind = "email"
	Phone      Kind = "phone"
	Card       Kind = "card"        // payment cards, by issuer range and Luhn's check
	IBAN       Kind = "iban"        // accounts, by country, length and ISO 7064 mod 97
	IP         Kind = "ip"          // only on request: addresses are often what an operator needs
	Token      Kind = "token"       // bearer and API tokens
	Key        Kind = "key"         // access key ids of clouds
	Password   Kind = "password"    // by the name of the field, or inside an address
	PrivateKey Kind = "private_key" // PEM blocks
	JWT        Kind = "jwt"
)

// builtin are all kinds that need no configuration.
var builtin = [...]Kind{Email, Phone, Card, IBAN, IP, Token, Key, Password, PrivateKey, JWT}

// Kinds returns the built-in kinds.
func Kinds() []Kind { return slices.Clone(builtin[:]) }

// Tally counts hits by kind. A nil Tally counts nothing.
type Tally map[Kind]int

func (t Tally) add(k Kind) {
	if t != nil {
		t[k]++
	}
}

// Total is the number of hits of all kinds.
func (t Tally) Total() (n int) {
	for _, c := range t {
		n += c
	}
	return n
}

// Hit is one sensitive stretch of bytes, from From up to To.
type Hit struct {
	Kind     Kind
	From, To int
}
