package ai.materi.gateway;

import ai.materi.gateway.http.GuardOptions;
import ai.materi.platform.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The section {@code api}.
 *
 * @param pageDir the built page
 * @param generationDeadline how long a client may wait for a whole generation
 * @param secureCookies whether cookies are marked Secure even when the request came in plain: true in production, where TLS
 *     ends before this node
 */
record GatewaySettings(Path pageDir, Duration generationDeadline, boolean secureCookies, GuardOptions guards) {
    static GatewaySettings from(Settings all) {
        Settings api = all.section("api");
        return new GatewaySettings(
                Path.of(api.string("page_dir")),
                api.duration("generation_deadline"),
                all.profile().equals("production"),
                GuardOptions.from(api));
    }
}
