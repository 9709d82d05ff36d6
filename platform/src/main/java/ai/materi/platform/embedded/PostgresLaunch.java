package ai.materi.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One start of the embedded PostgreSQL: its cluster made if need be, its predecessor gone, its server ready. */
record PostgresLaunch(Path folder, Path log, Path bin, Privilege privilege, String password) implements Server.Launch {
    private static final String MAJOR = "18";
    private static final Set<String> READY = Set.of("ready", "standby");
    private static final Duration PREDECESSOR = Duration.ofSeconds(30);
    private static final int INITDB_SECONDS = 60;

    /** Until there are old ones to take again, PostgreSQL fills a new one with zeros while every commit waits: 80 ms for 16 MB. */
    private static final int WAL_SEGMENT_MEGABYTES = 1;

    PostgresLaunch(Path data, Path bin, Privilege privilege, String password) {
        this(data.resolve("postgres"), data.resolve("log").resolve("postgres.log"), bin, privilege, password);
    }

    EmbeddedPostgres run() throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        if (Files.exists(folder)) {
            refuseOtherVersion();
            Predecessor.awaitGone(folder.resolve("postmaster.pid"), "postgres", PREDECESSOR);
        } else {
            initialise();
        }
        giveTo(folder);
        return new EmbeddedPostgres(Server.start("PostgreSQL", this), password);
    }

    private void refuseOtherVersion() throws IOException {
        Path file = folder.resolve("PG_VERSION");
        String version = Files.exists(file) ? Files.readString(file).strip() : "no version";
        if (!version.equals(MAJOR)) {
            throw new EmbeddedException(folder + " was made by PostgreSQL " + version + ", this is " + MAJOR
                    + "; move it with pg_upgrade or a dump, or choose another folder with --data");
        }
    }

    /** Under another name until it is complete, so that a start that was cut off leaves nothing half made. */
    private void initialise() throws IOException, InterruptedException {
        Path fresh = folder.resolveSibling("postgres.new");
        if (Files.exists(fresh)) {
            Programs.deleteTree(fresh);
        }
        Path passwordFile = folder.resolveSibling("postgres.password");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, password);
        Files.createDirectory(fresh);
        giveTo(fresh);
        giveTo(passwordFile);
        try {
            finish(initdb(fresh, passwordFile), "");
            finish(singleUser(fresh), "CREATE DATABASE " + EmbeddedPostgres.DATABASE + "\n");
        } finally {
            Files.delete(passwordFile);
        }
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<String> initdb(Path fresh, Path passwordFile) {
        return List.of(
                bin.resolve("initdb").toString(),
                "--pgdata=" + fresh,
                "--username=" + EmbeddedPostgres.OWNER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--data-checksums",
                "--wal-segsize=" + WAL_SEGMENT_MEGABYTES);
    }

    private List<String> singleUser(Path fresh) {
        return List.of(bin.resolve("postgres").toString(), "--single", "-D", fresh.toString(), "postgres");
    }

    private void finish(List<String> program, String input) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(privilege.prefix());
        command.addAll(program);
        Process process = Child.builder(command, log)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try (var in = process.outputWriter()) {
            in.write(input);
        }
        if (!process.waitFor(INITDB_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new EmbeddedException(program.get(0) + " failed; " + log + " says why");
        }
    }

    /** Nobody must own what it works on; for all others the folder is theirs already. */
    private void giveTo(Path path) throws IOException, InterruptedException {
        if (privilege != Privilege.NOBODY) {
            return;
        }
        Process chown = new ProcessBuilder("chown", "-R", "65534:65534", path.toString())
                .inheritIO()
                .start();
        if (!chown.waitFor(INITDB_SECONDS, TimeUnit.SECONDS) || chown.exitValue() != 0) {
            throw new EmbeddedException(path + " could not be given to nobody, as whom PostgreSQL runs here");
        }
    }

    @Override
    public Child fork(int port) throws IOException, InterruptedException {
        return Child.fork("PostgreSQL", privilege, "INT", log, server(port));
    }

    private List<String> server(int port) {
        List<String> server = new ArrayList<>(
                List.of(bin.resolve("postgres").toString(), "-D", folder.toString(), "-p", Integer.toString(port)));
        for (String option : new String[] {
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=300",
            // The first checkpoint comes after 130 MB of the log, and leaves as much of it to take again.
            "max_wal_size=256MB",
            "min_wal_size=128MB",
            // As it is with segments of 16 MB, by whose size PostgreSQL would reckon it.
            "wal_buffers=4MB",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off"
        }) {
            server.add("-c");
            server.add(option);
        }
        return server;
    }

    /** The eighth line of postmaster.pid is the state (PostgreSQL's pidfile.h); a standby stays one until it is promoted. */
    @Override
    public boolean ready(Child child, int port) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).equals(Long.toString(child.pid()))
                    && READY.contains(lines.get(7).strip());
        } catch (IOException e) {
            return false;
        }
    }
}
