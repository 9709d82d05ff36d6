package ai.materi.gateway.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A file system of its own that is soon full: a tmpfs; needs root. */
final class SmallDisk implements AutoCloseable {
    /** What PostgreSQL and Redis begin with, and room for some segments of the write-ahead log. */
    private static final String SIZE = "192m";

    private static final String BALLAST = "ballast";

    private final Path folder;

    private boolean mounted = true;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    static String lacks() {
        try {
            Path folder = Files.createTempDirectory("materi-chaos-disk-");
            boolean mounted = mount(folder);
            if (mounted) {
                new SmallDisk(folder).close();
            }
            Files.delete(folder);
            return mounted ? "" : "a tmpfs may not be mounted here; it needs root";
        } catch (IOException e) {
            return "a tmpfs cannot be mounted: " + e.getMessage();
        }
    }

    static SmallDisk at(Path folder) throws IOException {
        if (!mount(Files.createDirectories(folder))) {
            throw new IOException("no tmpfs could be mounted at " + folder);
        }
        SmallDisk disk = new SmallDisk(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(disk::abandon, "unmount the small disk"));
        return disk;
    }

    private static boolean mount(Path folder) throws IOException {
        return run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "none", folder.toString());
    }

    Path folder() {
        return folder;
    }

    /** Writes until nothing more can be written. */
    static void fill(Path folder) throws IOException {
        byte[] page = new byte[4096];
        Arrays.fill(page, (byte) 1);
        try (OutputStream ballast = Files.newOutputStream(folder.resolve(BALLAST))) {
            while (true) {
                ballast.write(page);
            }
        } catch (IOException full) {
            if (Files.getFileStore(folder).getUsableSpace() > page.length) {
                throw full;
            }
        }
    }

    static void empty(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(BALLAST));
    }

    private void abandon() {
        try {
            close();
        } catch (IOException e) {
            System.err.println("materi: " + e.getMessage());
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!mounted) {
            return;
        }
        mounted = false;
        if (!run("umount", "--lazy", folder.toString())) {
            throw new IOException(folder + " could not be unmounted");
        }
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(List.of(command))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
