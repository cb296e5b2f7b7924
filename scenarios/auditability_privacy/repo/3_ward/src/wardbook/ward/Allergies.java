package wardbook.ward;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** What patients do not bear. */
public final class Allergies {
    private final Map<Patient, Set<String>> known = new HashMap<>();
    private final Journal journal;

    public Allergies(Journal journal) {
        this.journal = journal;
    }

    /** Returns the allergies of a patient, sorted. */
    public Set<String> of(Patient patient) {
        return new TreeSet<>(known.getOrDefault(patient, Set.of()));
    }

    /** Adds an allergy and returns true; returns false and changes nothing when it was known. */
    public boolean add(Patient patient, String allergy, Staff staff) {
        throw new UnsupportedOperationException("not written yet");
    }
}
