package ai.materi.platform.embedded;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A PostgreSQL 18 of this instance: durable (fsync and checksums on), on a free port of 127.0.0.1, without a Unix socket,
 * with SCRAM passwords. Its owner role is {@code materi_owner}, its database {@code materi}. All methods block.
 */
public final class EmbeddedPostgres {
    static final String OWNER = "materi_owner";
    static final String DATABASE = "materi";
    private final Server server;
    private final String password;

    EmbeddedPostgres(Server server, String password) {
        this.server = server;
        this.password = password;
    }

    /**
     * Starts it, making its cluster first when the folder has none.
     *
     * @param data of the instance, locked; PostgreSQL gets {@code <data>/postgres} and writes {@code <data>/log/postgres.log}
     * @param password of the owner, the same at every start
     */
    public static EmbeddedPostgres start(Path data, Programs programs, String password) {
        try {
            Privilege privilege = Privilege.find();
            Path program = (privilege == Privilege.NOBODY ? Programs.in(data.resolve("bin")) : programs).postgres();
            return new PostgresLaunch(data, program.resolve("bin"), privilege, password).run();
        } catch (IOException e) {
            throw new EmbeddedException("the embedded PostgreSQL did not start: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedException("the start of the embedded PostgreSQL was interrupted", e);
        }
    }

    /** {@code postgres://owner:password@127.0.0.1:port/materi}. */
    public String url() {
        return "postgres://" + OWNER + ":" + password + "@127.0.0.1:" + server.port() + "/" + DATABASE;
    }

    /** From now on it is started again, at the same URL, when it dies; {@code givenUp} when it keeps dying. */
    public void keep(Runnable givenUp) {
        server.keep(Patience.USUAL, givenUp);
    }

    public boolean alive() {
        return server.alive();
    }

    public long pid() {
        return server.pid();
    }

    /** Waits for it to end, at most 12 s. */
    public void stop() throws InterruptedException {
        server.stop();
    }
}
