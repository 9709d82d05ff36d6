package ai.materi.collab.version;

import ai.materi.collab.log.LogRow;
import ai.materi.collab.log.LogSlice;
import ai.materi.collab.log.LogTables;
import ai.materi.collab.room.CommittedState;
import ai.materi.collab.room.EncodedState;
import ai.materi.crdt.Doc;
import ai.materi.platform.node.Workers;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps versions by itself, one document after the other: after a pause in writing, and from time to time while somebody
 * writes on. A document is claimed in the database and is nobody else's for as long as the shorter of these two times; what
 * a node that died had claimed comes up again after that. A document is read from the log, not from its room. Old versions
 * without a name are thinned by one node at a time.
 */
public final class VersionKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(VersionKeeper.class);
    private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();
    private static final int CLAIMED_AT_ONCE = 20;
    private static final int THINNED_AT_ONCE = 200;
    private static final int ROWS_A_READ = 20_000;
    private static final UUID FIRST = new UUID(0, 0);

    private final Vertx vertx;
    private final LogTables log;
    private final VersionTables tables;
    private final Workers.Pool workers;
    private boolean keeping;
    private boolean thinning;
    private long keepTimer;
    private long thinTimer;

    /** A document as the log has it, packed. */
    private record Kept(CommittedState at, PackedState state) {}

    public VersionKeeper(Vertx vertx, LogTables log, VersionTables tables, Workers.Pool workers) {
        this.vertx = vertx;
        this.log = log;
        this.tables = tables;
        this.workers = workers;
    }

    public void start(AutomaticSettings settings) {
        keepTimer = vertx.setPeriodic(settings.checkInterval().toMillis(), tick -> keepDue(settings));
        thinTimer = vertx.setPeriodic(settings.thinInterval().toMillis(), tick -> thinAll(settings));
    }

    public void stop() {
        vertx.cancelTimer(keepTimer);
        vertx.cancelTimer(thinTimer);
    }

    private void keepDue(AutomaticSettings settings) {
        if (keeping) {
            return;
        }
        keeping = true;
        round(settings)
                .onFailure(failure -> LOG.warn("versions are not kept yet: {}", String.valueOf(failure.getMessage())))
                .onComplete(done -> keeping = false);
    }

    private Future<Void> round(AutomaticSettings settings) {
        return tables.claimUnversioned(settings, CLAIMED_AT_ONCE)
                .compose(claimed -> keepEach(claimed)
                        .compose(
                                done -> claimed.size() < CLAIMED_AT_ONCE ? Future.succeededFuture() : round(settings)));
    }

    private Future<Void> keepEach(List<UUID> documents) {
        Future<Void> all = Future.succeededFuture();
        for (UUID document : documents) {
            all = all.compose(done -> keep(document).recover(failure -> {
                LOG.warn("no version of document {} is kept", document, failure);
                return Future.succeededFuture();
            }));
        }
        return all;
    }

    private Future<Void> keep(UUID document) {
        return log.after(document, -1, ROWS_A_READ).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture();
            }
            LogSlice slice = found.get();
            if (!slice.gapless(-1)) {
                return Future.failedFuture(new IllegalStateException("the log has a gap"));
            }
            return workers.run(() -> packed(slice))
                    .compose(kept -> tables.keep(
                                    new VersionTables.Wanted(document, IDS.generate(), null, null),
                                    kept.at(),
                                    kept.state())
                            .compose(
                                    done -> tables.versioned(document, kept.at().seq())));
        });
    }

    private static Kept packed(LogSlice slice) {
        Doc doc = new Doc();
        byte[] snapshot = slice.snapshot();
        if (snapshot != null) {
            doc.applyUpdate(snapshot, null, Integer.MAX_VALUE);
        }
        for (LogRow row : slice.rows()) {
            doc.applyUpdate(row.update(), null);
        }
        byte[] state = doc.encodeState();
        return new Kept(
                new CommittedState(EncodedState.of(state), slice.reaches(-1), slice.generation()),
                PackedState.of(state));
    }

    private void thinAll(AutomaticSettings settings) {
        if (thinning) {
            return;
        }
        thinning = true;
        thin(settings, FIRST)
                .onFailure(failure -> LOG.warn("versions are not thinned: {}", String.valueOf(failure.getMessage())))
                .onComplete(done -> thinning = false);
    }

    private Future<Void> thin(AutomaticSettings settings, UUID after) {
        return tables.thin(settings, after, THINNED_AT_ONCE)
                .compose(last -> last.map(document -> thin(settings, document)).orElseGet(Future::succeededFuture));
    }
}
