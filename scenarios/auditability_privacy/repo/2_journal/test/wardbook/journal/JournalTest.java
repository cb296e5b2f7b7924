package wardbook.journal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import wardbook.people.Patient;
import wardbook.people.Role;
import wardbook.people.Staff;

/** The journal keeps its entries in order. */
public final class JournalTest {
    public static void run() {
        Instant now = Instant.parse("2025-03-03T06:00:00Z");
        Journal journal = new Journal(Clock.fixed(now, ZoneOffset.UTC));
        journal.note(Action.DIET_CHANGED);
        journal.trace(
                Action.BED_CHANGED, new Patient("P1", "Ada"), new Staff("N07", "Lena", Role.NURSE), "4", "7");
        List<Entry> wanted =
                List.of(
                        new Entry(now, Action.DIET_CHANGED, "", "", "", ""),
                        new Entry(now, Action.BED_CHANGED, "P1", "N07", "4", "7"));
        assert journal.entries().equals(wanted);
    }

    private JournalTest() {}
}
