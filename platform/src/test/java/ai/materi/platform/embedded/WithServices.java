package ai.materi.platform.embedded;

import ai.materi.platform.node.TestServices;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs a command beside a PostgreSQL and a Redis that belong to nobody's node, named by {@code DATABASE_URL} and
 * {@code REDIS_URL}, and ends with its status: {@code WithServices FOLDER COMMAND…}. The URL's user is what a database
 * administrator hands out: it makes databases and roles, but is no superuser;
 * the superuser is {@code ADMINISTRATOR_URL}.
 */
public final class WithServices {
    private static final String PASSWORD = "somebody-elses-password";

    private WithServices() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path data = Files.createDirectories(Path.of(arguments[0]));
        List<String> command = List.of(arguments).subList(1, arguments.length);
        Programs programs = Programs.cachedOr(data);
        EmbeddedPostgres postgres = EmbeddedPostgres.start(data, programs, PASSWORD);
        EmbeddedRedis redis = EmbeddedRedis.start(data, programs, PASSWORD);
        ProcessBuilder child = new ProcessBuilder(command).inheritIO();
        child.environment().put("DATABASE_URL", ownersUrl(postgres));
        child.environment().put("ADMINISTRATOR_URL", postgres.url());
        child.environment().put("REDIS_URL", redis.url());
        int status = child.start().waitFor();
        redis.stop();
        postgres.stop();
        System.exit(status);
    }

    private static String ownersUrl(EmbeddedPostgres postgres) {
        TestServices.execute(postgres.url(), "create role guest login createdb createrole password '" + PASSWORD + "'");
        TestServices.execute(postgres.url(), "create database guest owner guest");
        URI url = URI.create(postgres.url());
        return "postgres://guest:" + PASSWORD + "@" + url.getHost() + ":" + url.getPort() + "/guest";
    }
}
