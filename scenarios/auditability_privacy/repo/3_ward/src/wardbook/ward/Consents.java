package wardbook.ward;

import java.util.HashSet;
import java.util.Set;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** What patients have agreed to. */
public final class Consents {
    private record Consent(Patient patient, String study) {}

    private final Set<Consent> given = new HashSet<>();
    private final Journal journal;

    public Consents(Journal journal) {
        this.journal = journal;
    }

    /** Keeps that a patient agreed to a study. */
    public void give(Patient patient, String study) {
        given.add(new Consent(patient, study));
    }

    /** Tells whether the consent of a patient to a study stands. */
    public boolean stands(Patient patient, String study) {
        return given.contains(new Consent(patient, study));
    }

    /** Withdraws a consent; one that does not stand is refused with a NoSuchElementException. */
    public void withdraw(Patient patient, String study, Staff staff) {
        throw new UnsupportedOperationException("not written yet");
    }
}
