package gauge

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// ErrMessage is returned for a message that is not one of a gauge.
var ErrMessage = errors.New("gauge: not a message")

// The letters by which gauges send a state.
var states = map[string]State{"R": Raw, "C": Checked, "D": Doubted}

// Parse reads a message such as "HAM3 20250303T0600 412 C".
func Parse(message string) (Reading, error) {
	fields := strings.Fields(message)
	if len(fields) != 4 {
		return Reading{}, ErrMessage
	}
	at, err := time.Parse("20060102T1504", fields[1])
	if err != nil {
		return Reading{}, errors.Join(ErrMessage, err)
	}
	level, err := strconv.Atoi(fields[2])
	if err != nil {
		return Reading{}, errors.Join(ErrMessage, err)
	}
	state, known := states[fields[3]]
	if !known {
		return Reading{}, ErrMessage
	}
	return Reading{Station: fields[0], At: at, Level: level, State: state}, nil
}
