package org.ttm4j.serve.live;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real server of PostgreSQL in a folder of its own, run by a user that is not root, as it demands. */
public final class PostgresServer implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql");

    private final Path bin;
    private final Path folder;
    private final int port;

    private PostgresServer(Path bin) throws IOException, InterruptedException {
        this.bin = bin;
        folder = Files.createTempDirectory(Path.of("/tmp"), "ttm4j-postgres");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        if (isRoot()) run(false, "chown", "postgres", folder.toString());
        run(true, bin.resolve("initdb").toString(), "-D", data(), "-U", "ttm", "--auth=trust", "-E", "UTF8",
                "--locale=C", "--no-instructions");
        start();
    }

    /** One that is running; empty where its programs are not installed. */
    public static Optional<PostgresServer> start(String why) throws IOException, InterruptedException {
        if (Files.isDirectory(PROGRAMS)) {
            try (Stream<Path> versions = Files.list(PROGRAMS)) {
                Optional<Path> newest = versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .max(Comparator.comparing(Path::toString));
                if (newest.isPresent()) return Optional.of(new PostgresServer(newest.get()));
            }
        }
        System.err.println(why + " is skipped: the package postgresql is not installed");
        return Optional.empty();
    }

    /** The address of the database. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=ttm";
    }

    /** Starts it again. */
    public void start() throws IOException, InterruptedException {
        run(true, bin.resolve("pg_ctl").toString(), "-D", data(), "-w", "-s", "-l", folder + "/log", "-o",
                "-p " + port + " -k '' -h 127.0.0.1", "start");
    }

    /** Stops it, whoever is connected. */
    public void stop() throws IOException, InterruptedException {
        run(true, bin.resolve("pg_ctl").toString(), "-D", data(), "-m", "immediate", "-s", "stop");
    }

    private String data() {
        return folder + "/data";
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static void run(boolean asUser, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (asUser && isRoot())
            line.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        line.addAll(List.of(command));
        Path output = Files.createTempFile("ttm4j", ".log");
        try {
            Process process = new ProcessBuilder(line).directory(Path.of("/tmp").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (process.waitFor() != 0) throw new IOException(line + ": " + Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
