package wardbook;

import wardbook.journal.JournalTest;
import wardbook.ward.RotaTest;

/** Runs every test; start it with assertions on. */
public final class AllTests {
    public static void main(String[] arguments) {
        JournalTest.run();
        RotaTest.run();
        System.out.println("OK");
    }

    private AllTests() {}
}
