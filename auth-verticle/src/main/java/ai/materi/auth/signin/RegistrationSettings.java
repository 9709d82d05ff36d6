package ai.materi.auth.signin;

import ai.materi.platform.config.Settings;
import java.util.List;
import java.util.Locale;

/**
 * Who may register.
 *
 * @param invitations the codes that let somebody in when that is by invitation
 */
public record RegistrationSettings(Mode mode, List<String> invitations) {
    private static final int MIN_CODE = 16;

    /** Whether strangers may register. */
    public enum Mode {
        OPEN,
        INVITATION,
        OFF;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reads the section {@code auth}. */
    public static RegistrationSettings from(Settings auth) {
        Settings section = auth.section("registration");
        Mode mode =
                Mode.valueOf(section.choice("mode", "open", "invitation", "off").toUpperCase(Locale.ROOT));
        List<String> codes = section.secret("invitations").stream()
                .flatMap(text -> List.of(text.strip().split("\\s+", -1)).stream())
                .toList();
        if (mode == Mode.INVITATION && (codes.isEmpty() || codes.stream().anyMatch(code -> code.length() < MIN_CODE))) {
            throw section.refused(
                    "invitations_file",
                    "has to hold the codes that are taken as an invitation, of at least " + MIN_CODE
                            + " characters each, separated by space");
        }
        return new RegistrationSettings(mode, codes);
    }
}
