package ai.materi.gateway.http;

import ai.materi.gateway.limit.Policy;
import ai.materi.platform.config.Settings;
import java.time.Duration;
import java.util.List;

/** What the guards are configured with: the keys {@code api.limits} and {@code api.trusted_proxies}. */
public record GuardOptions(Limits limits, List<String> trustedProxies) {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MOST = 100_000_000;

    /** One budget for each kind of subject. */
    public record Limits(Policy address, Policy user, Policy workspace, Policy signIn, Policy account) {}

    /** From the section {@code api}. */
    public static GuardOptions from(Settings api) {
        return new GuardOptions(limits(api.section("limits")), api.strings("trusted_proxies"));
    }

    private static Limits limits(Settings limits) {
        return new Limits(
                aMinute("address", limits),
                aMinute("user", limits),
                aMinute("workspace", limits),
                aMinute("sign_in", limits),
                aMinute("account", limits));
    }

    private static Policy aMinute(String name, Settings limits) {
        return new Policy(name, limits.integer(name + "_per_minute", 1, MOST), MINUTE);
    }
}
