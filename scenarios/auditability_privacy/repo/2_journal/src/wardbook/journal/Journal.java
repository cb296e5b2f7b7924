package wardbook.journal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** The list of what was changed on the ward. An entry is made in one of two ways, and cannot be taken back. */
public final class Journal {
    private final Clock clock;
    private final List<Entry> entries = new ArrayList<>();

    public Journal(Clock clock) {
        this.clock = clock;
    }

    /** Enters a change of one patient's things, with the member of staff and what it was before and after. */
    public void trace(Action action, Patient patient, Staff staff, Object before, Object after) {
        entries.add(
                new Entry(
                        clock.instant(),
                        action,
                        patient.number(),
                        staff.id(),
                        String.valueOf(before),
                        String.valueOf(after)));
    }

    /** Enters that something was changed on the ward. */
    public void note(Action action) {
        entries.add(new Entry(clock.instant(), action, "", "", "", ""));
    }

    /** Returns all entries, oldest first. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }
}
