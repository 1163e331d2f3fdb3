package logtmpl

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
	closes := -1                   // where the quote closes whose text is being read
	for i := 0; i < len(b); {
		c := b[i]
		k := classes[c]
		if k&isSpace != 0 {
			gap = gapSalt
			i++
			continue
		}
		j, isVar := i+1, false
		if k&isChunk == 0 {
			kind, to := mark, j
			switch c {
			case '"', '\'':
				if i != closes {
					kind, to = quoted(b, i)
					closes = to
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
			switch kind {
			case mark:
				continue
			case word:
				h = hashWord(h, 0, b, i, to)
				if rec != nil {
					rec.add(word, 0, i, to)
				}
				i = to
				continue
			case variable:
				j = to
			}
		} else {
			flags, digits := k, k&isDigit
			for j < len(b) {
				k = classes[b[j]]
				if k&isChunk == 0 {
					break
				}
				flags |= k
				digits += k & isDigit
				j++
			}
			if k&(isTail|isChunk) == isTail {
				j, isVar = tail(b, i, j, flags)
			}
			switch {
			case isVar:
			case flags&isDigit != 0:
				isVar = digits != 1 || variableByDigits(b[i:j])
				if flags&(isSign|isLetter) == isSign|isLetter || b[i] == '.' {
					j, isVar = leader(b, i, j, isVar)
				}
			case flags&isSign != 0:
				isVar = variableBySigns(b[i:j])
			case flags&isNotHex == 0:
				isVar = j-i >= minHexRun
			}
			if !isVar {
				isVar = number && j-i <= longestUnit && unit(b[i:j]) || j-i == 3 && flags&isLetter != 0 && calendar(b, i, j)
			}
			if !isVar {
				h = hashWord(h, gap, b, i, j)
				if rec != nil {
					rec.add(word, gap, i, j)
				}
				joined, number = joined && flags&isLetter == 0, false
				gap, i = 0, j
				if j < len(b) && b[j] == ' ' {
					gap, i = gapSalt, j+1
				}
				continue
			}
		}
		end := j
		for end > i+1 && b[end-1] == '.' {
			end--
		}
		if joined {
			h = after
			if rec != nil {
				rec.widen(end)
			}
		} else {
			h = mix(h, varSalt^gap)
			after = h
			if rec != nil {
				rec.add(variable, gap, i, end)
			}
		}
		joined = end == j
		number = joined && classes[b[end-1]]&isDigit != 0
		gap, i = 0, end
		for ; i < j; i++ {
			h = mix(h, '.')
			if rec != nil {
				rec.add(mark, 0, i, i+1)
			}
		}
		if k&isSpace != 0 {
			gap, i = gapSalt, j+1
		}
	}
	return h
}
