package logtmpl

import "encoding/binary"

// scan returns the hash of a line's normal form: its words and marks as they are, each variable and each list of
// variables as one sign, white space as present or not. Lines with equal hashes are instances of one template. With a
// record it keeps the atoms too; without one it allocates nothing.
//
// It is one long loop on purpose: its state stays in registers, which is half of the speed of the miner. What is rare
// stands in functions of its own (tail, bracket, quoted).
func scan(b []byte, rec *record) uint64 {
	h, gap := uint64(seed), uint64(0)
	after := uint64(0)             // h right after the last variable
	joined, number := false, false // only joiners since then; that variable ended in a digit
	closes, message := -1, -1      // where the quote just read closes, and the one whose text is being read
	for i := 0; i < len(b); {
		c := b[i]
		k := classes[c]
		if k&isSpace != 0 {
			gap = gapSalt
			i++
			continue
		}
		j, isVar, spelled := i+1, false, false
		kind, to := mark, j
		if k&isChunk == 0 {
			switch c {
			case '"', '\'':
				if i != closes && i != message {
					kind, to = quoted(b, i)
					if kind != mark {
						closes = to
					} else if to > 0 {
						message = to
					}
				}
			case '=', '<':
				kind, to = bracket(b, i)
			case escape:
				if to = endOfEscape(b, i); to > j {
					i = to
					continue
				}
			}
			if c != '<' || kind == mark {
				joined = joined && k&isJoiner != 0 && (c != ':' || j < len(b) && classes[b[j]]&isSpace == 0)
				number = false
				h = mix(h, uint64(c)^gap)
				if rec != nil {
					rec.add(mark, gap, i, j)
				}
				gap, i = 0, j
			}
			if kind == mark {
				continue
			}
			j = to
		} else {
			sum := weights[c]
			for j < len(b) {
				w := weights[b[j]]
				if w == 0 {
					break
				}
				sum += w
				j++
			}
			if j < len(b) && classes[b[j]]&isTail != 0 {
				j, isVar = tail(b, i, j, sum)
			}
			switch {
			case isVar:
			case sum&digits != 0:
				isVar = sum&digits != 1 || j-i < leastNamed || variableByDigits(b[i:j])
				if sum&signs != 0 && (sum&letters != 0 || b[i] == '.') {
					j, isVar = leader(b, i, j, isVar)
				}
			case sum&signs != 0:
				isVar = variableBySigns(b[i:j])
			case sum&notHex == 0:
				isVar = j-i >= minHexRun
			}
			kind = word
			if isVar {
				kind = variable
			}
			spelled = sum&letters != 0
		}
		end := j
		for end > i+1 && b[end-1] == '.' {
			end--
		}
		if kind == word && spelled {
			if number && end-i <= longestUnit && unit(b[i:end]) || end-i == 3 && b[i] <= 'Z' && calendar(b, i, end) || end-i == 9 && string(b[i:end]) == "localhost" {
				kind = variable
			}
		}
		switch {
		case kind == word:
			if n := uint(end - i); n <= 8 && end >= 8 {
				free := (64 - 8*n) & 63
				h = mix(h, binary.LittleEndian.Uint64(b[end-8:])>>free<<free^gap)
			} else {
				h = hashWord(h, gap, b, i, end)
			}
			if rec != nil {
				rec.add(word, gap, i, end)
			}
			joined, number = joined && !spelled, false
		case joined:
			h = after
			if rec != nil {
				rec.widen(end)
			}
			number = classes[b[end-1]]&isDigit != 0
		default:
			h = mix(h, varSalt^gap)
			after = h
			if rec != nil {
				rec.add(variable, gap, i, end)
			}
			joined, number = true, classes[b[end-1]]&isDigit != 0
		}
		gap, i = 0, end
		for ; i < j; i++ {
			joined, number = false, false
			h = mix(h, '.')
			if rec != nil {
				rec.add(mark, 0, i, i+1)
			}
		}
		if j < len(b) && b[j] == ' ' {
			gap, i = gapSalt, j+1
		}
	}
	return h
}
