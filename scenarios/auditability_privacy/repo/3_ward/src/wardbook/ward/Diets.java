package wardbook.ward;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** What the kitchen cooks for each patient, by the orders that it takes. */
public final class Diets implements Consumer<Diets.Order> {
    /** The wish of a member of staff that a patient gets a diet. */
    public record Order(Patient patient, String diet, Staff staff) {}

    private final Map<Patient, String> diets = new HashMap<>();
    private final Journal journal;

    public Diets(Journal journal) {
        this.journal = journal;
    }

    /** Returns the diet of a patient, "full" for one without an order. */
    public String of(Patient patient) {
        return diets.getOrDefault(patient, "full");
    }

    /** Takes an order; one for the diet that the patient has already changes nothing. */
    @Override
    public void accept(Order order) {
        throw new UnsupportedOperationException("not written yet");
    }
}
