package gauge

import (
	"errors"
	"testing"
	"time"
)

func TestParseReadsAMessage(t *testing.T) {
	got, err := Parse("HAM3 20250303T0600 412 C")
	want := Reading{"HAM3", time.Date(2025, 3, 3, 6, 0, 0, 0, time.UTC), 412, Checked}
	if err != nil || got != want {
		t.Errorf("got %v and %v, want %v", got, err, want)
	}
}

func TestParseRefusesWhatIsNoMessage(t *testing.T) {
	for _, message := range []string{
		"",
		"HAM3 20250303T0600 412",
		"HAM3 yesterday 412 C",
		"HAM3 20250303T0600 high C",
		"HAM3 20250303T0600 412 X",
	} {
		if _, err := Parse(message); !errors.Is(err, ErrMessage) {
			t.Errorf("%q: got %v", message, err)
		}
	}
}

func TestADoubtedReadingIsNotSound(t *testing.T) {
	reading, err := Parse("HAM3 20250303T0600 -87 D")
	if err != nil || reading.IsSound() {
		t.Errorf("got %v and %v", reading, err)
	}
}
