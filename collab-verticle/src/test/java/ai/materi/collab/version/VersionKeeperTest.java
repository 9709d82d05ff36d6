package ai.materi.collab.version;

import static org.assertj.core.api.Assertions.assertThat;

import ai.materi.collab.clients.RelayFixture;
import ai.materi.collab.clients.YjsClient;
import ai.materi.platform.node.Await;
import ai.materi.platform.postgres.Database;
import ai.materi.proto.collab.v1.CreateVersionRequest;
import ai.materi.proto.collab.v1.Format;
import ai.materi.proto.collab.v1.GetVersionContentRequest;
import ai.materi.proto.collab.v1.ListVersionsRequest;
import ai.materi.proto.collab.v1.Version;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VersionKeeperTest {
    private static final String[] EAGER = {
        "collab.versions.automatic.pause", "300ms",
        "collab.versions.automatic.every", "1h",
        "collab.versions.automatic.check_interval", "50ms",
        "collab.log.compact_rows", "20"
    };
    private static final AutomaticSettings DEFAULTS = new AutomaticSettings(
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofDays(1),
            Duration.ofDays(7),
            Duration.ofDays(30));

    private static RelayFixture relay;

    @BeforeAll
    static void start() {
        relay = RelayFixture.start(EAGER);
    }

    @AfterAll
    static void stop() {
        relay.close();
    }

    @Test
    void keepsAVersionAfterAPauseInWriting() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        ada.insert(0, "written");
        ada.awaitSaved();

        Await.until("a version is kept", () -> !versions(document).isEmpty());

        Version kept = versions(document).get(0);
        assertThat(kept.getName()).isEmpty();
        assertThat(kept.getCreatedBy()).isEmpty();
        assertThat(kept.getSequence()).isEqualTo(1);
        assertThat(content(document, kept)).isEqualTo("written");
    }

    @Test
    void keepsOneForEachPauseAndNoneWithoutAnEdit() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        List<String> texts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            ada.insert(0, i + ". ");
            ada.awaitSaved();
            texts.add(0, ada.text());
            Await.until("nothing is left to keep", () -> isKept(document));
        }

        assertThat(versions(document))
                .extracting(version -> content(document, version))
                .isEqualTo(texts);
    }

    @Test
    void keepsWhatTheCompactorHasFolded() {
        UUID document = relay.document();
        YjsClient ada = relay.yjs(document, "ada");
        for (int i = 0; i < 100; i++) {
            ada.insert(i, "x");
        }
        ada.awaitSaved();

        Await.until("nothing is left to keep", () -> isKept(document));

        assertThat(content(document, versions(document).get(0))).isEqualTo("x".repeat(100));
    }

    @Test
    void keepsOneWhenTwoNodesLook() {
        try (RelayFixture there = relay.sibling(EAGER)) {
            UUID document = relay.document();
            there.share(document);
            YjsClient ada = relay.yjs(document, "ada");
            YjsClient bob = there.yjs(document, "bob");
            ada.insert(0, "a");
            ada.awaitSaved();
            bob.awaitText("a");
            bob.insert(1, "b");
            bob.awaitSaved();

            Await.until("nothing is left to keep", () -> isKept(document));

            assertThat(versions(document))
                    .extracting(Version::getSequence)
                    .doesNotHaveDuplicates()
                    .contains(2L);
        }
    }

    @Test
    void keepsVersionsWhileSomebodyWritesOn() {
        try (RelayFixture busy = RelayFixture.start(
                "collab.versions.automatic.pause", "1h",
                "collab.versions.automatic.every", "200ms",
                "collab.versions.automatic.check_interval", "50ms")) {
            UUID document = busy.document();
            YjsClient ada = busy.yjs(document, "ada");

            Await.until("three versions are kept", () -> {
                ada.insert(0, "x");
                ada.awaitSaved();
                return versions(busy, document).size() >= 3;
            });

            assertThat(versions(busy, document))
                    .extracting(Version::getSequence)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void claimsADocumentForOneNodeUntilTheLeaseEnds() {
        UUID document = unknownToTheKeeper();
        VersionTables tables = tables();
        // As somebody writes for long: it is due for DEFAULTS, and not for the node's own keeper.
        set(document, "changed_at", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1));
        set(document, "unversioned_since", OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(40));

        List<UUID> first = Await.result(tables.claimUnversioned(DEFAULTS, 100));
        List<UUID> second = Await.result(tables.claimUnversioned(DEFAULTS, 100));

        assertThat(first).contains(document);
        assertThat(second).doesNotContain(document);
    }

    @Test
    void leavesAloneWhatIsWrittenAtThisMoment() {
        UUID document = unknownToTheKeeper();
        set(document, "changed_at", OffsetDateTime.now(ZoneOffset.UTC));
        set(document, "unversioned_since", OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(20));

        List<UUID> claimed = Await.result(tables().claimUnversioned(DEFAULTS, 100));

        assertThat(claimed).doesNotContain(document);
    }

    @Test
    void thinsWithAge() {
        UUID document = unknownToTheKeeper();
        OffsetDateTime hour = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        OffsetDateTime day = hour.truncatedTo(ChronoUnit.DAYS);
        OffsetDateTime monday = day.minusDays(day.getDayOfWeek().getValue() - 1L);
        List<UUID> stay = new ArrayList<>();
        List<UUID> go = new ArrayList<>();
        stay.add(version(document, null, hour.minusHours(2)));
        stay.add(version(document, null, hour.minusHours(2).plusMinutes(1)));
        go.add(version(document, null, hour.minusDays(3)));
        stay.add(version(document, null, hour.minusDays(3).plusMinutes(59)));
        stay.add(version(document, null, hour.minusDays(3).plusMinutes(61)));
        go.add(version(document, null, day.minusDays(15).plusHours(1)));
        stay.add(version(document, null, day.minusDays(15).plusHours(23)));
        stay.add(version(document, null, day.minusDays(14).plusHours(1)));
        go.add(version(document, null, monday.minusWeeks(20)));
        stay.add(version(document, "named", monday.minusWeeks(20).plusDays(1)));
        stay.add(version(document, null, monday.minusWeeks(20).plusDays(6)));
        stay.add(version(document, null, monday.minusWeeks(19)));

        Optional<UUID> last = Await.result(tables().thin(DEFAULTS, new UUID(0, 0), 10_000));

        assertThat(last).isPresent();
        assertThat(versions(document))
                .extracting(version -> UUID.fromString(version.getId()))
                .containsExactlyInAnyOrderElementsOf(stay)
                .doesNotContainAnyElementsOf(go);
        assertThat(Await.result(tables().thin(DEFAULTS, last.get(), 10_000))).isEmpty();
    }

    private static Database database() {
        return relay.test().node().postgres().as("materi_collab_log");
    }

    private static VersionTables tables() {
        return new VersionTables(database(), new VersionSettings(1_000, 1_000_000));
    }

    /** A document that holds something, and that the keeper of the node leaves alone for an hour. */
    private static UUID unknownToTheKeeper() {
        UUID document = relay.document();
        relay.as(
                "ada",
                service -> service.createVersion(CreateVersionRequest.newBuilder()
                        .setDocumentId(document.toString())
                        .setName("to have a row")
                        .build()));
        Await.result(database()
                .client()
                .preparedQuery("delete from collab.versions where document_id = $1")
                .execute(Tuple.of(document)));
        return document;
    }

    private static void set(UUID document, String column, OffsetDateTime time) {
        Await.result(database()
                .client()
                .preparedQuery("update collab.documents set " + column + " = $2 where id = $1")
                .execute(Tuple.of(document, time)));
    }

    private static UUID version(UUID document, String name, OffsetDateTime createdAt) {
        UUID id = UUID.randomUUID();
        Await.result(database()
                .client()
                .preparedQuery(
                        "insert into collab.versions (document_id, id, name, generation, seq, state, size, created_at)"
                                + " values ($1, $2, $3, 1, 0, '', 0, $4)")
                .execute(Tuple.of(document, id, name, createdAt)));
        return id;
    }

    private static boolean isKept(UUID document) {
        return Await.result(database()
                                .client()
                                .preparedQuery(
                                        "select from collab.documents where id = $1 and head_seq > 0 and unversioned_since is null")
                                .execute(Tuple.of(document)))
                        .size()
                == 1;
    }

    private static List<Version> versions(UUID document) {
        return versions(relay, document);
    }

    private static List<Version> versions(RelayFixture node, UUID document) {
        return node.as(
                        "eve",
                        service -> service.listVersions(ListVersionsRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .build()))
                .getItemsList();
    }

    private static String content(UUID document, Version version) {
        return relay.as(
                        "eve",
                        service -> service.getVersionContent(GetVersionContentRequest.newBuilder()
                                .setDocumentId(document.toString())
                                .setVersionId(version.getId())
                                .setFormat(Format.FORMAT_TEXT)
                                .build()))
                .getContent()
                .toStringUtf8();
    }
}
