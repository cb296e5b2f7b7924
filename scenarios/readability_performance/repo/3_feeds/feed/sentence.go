package feed

import "tidewatch.example/tidewatch/gauge"

// Sentence returns the record for ships, such as "$TGHGT,HAM3,412,A*65": the state is A for a checked reading and V
// for any other, and two upper-case hexadecimal digits say the exclusive or of the bytes between dollar and asterisk.
func Sentence(r gauge.Reading) string {
	panic("not written yet")
}
