package wardbook.ward;

import java.time.LocalDateTime;
import java.util.List;
import wardbook.people.Role;
import wardbook.people.Staff;

/** The rota tells who is on duty. */
public final class RotaTest {
    public static void run() {
        LocalDateTime six = LocalDateTime.of(2025, 3, 3, 6, 0);
        Staff lena = new Staff("N07", "Lena", Role.NURSE);
        Staff karim = new Staff("D02", "Karim", Role.DOCTOR);
        Rota rota = new Rota();
        rota.plan(lena, six, six.plusHours(8));
        rota.plan(karim, six, six.plusHours(12));
        assert rota.onDuty(Role.NURSE, six).equals(List.of(lena));
        assert rota.onDuty(Role.NURSE, six.plusHours(8)).isEmpty();
        assert rota.onDuty(Role.DOCTOR, six.plusHours(8)).equals(List.of(karim));
    }

    private RotaTest() {}
}
