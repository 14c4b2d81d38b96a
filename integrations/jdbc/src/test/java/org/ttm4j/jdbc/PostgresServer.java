package org.ttm4j.jdbc;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL of this test's own: Debian's programs, a new cluster in a temporary folder, a free port. */
final class PostgresServer {
    static final String USER = "ttm";
    static final String PASSWORD = "Geheim-4711";

    private final Path folder;
    private final Path programs;
    private final int port;

    private PostgresServer(Path programs) throws IOException, InterruptedException {
        this.programs = programs;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        folder = Files.createTempDirectory("ttm-postgres");
        Path password = folder.resolve("password");
        Files.writeString(password, PASSWORD);
        if (isRoot()) run("chown", "-R", "postgres", folder.toString());
        asUser("initdb", "-D", folder + "/data", "-U", USER, "-A", "scram-sha-256", "--pwfile=" + password, "-N", "-E",
                "UTF8", "--locale=C");
        start();
    }

    /** Null where PostgreSQL is not installed. */
    static PostgresServer startIfInstalled() throws IOException, InterruptedException {
        Path all = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(all)) return null;
        try (Stream<Path> versions = Files.list(all)) {
            Path programs = versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
            return programs == null ? null : new PostgresServer(programs);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    void start() throws IOException, InterruptedException {
        asUser("pg_ctl", "-D", folder + "/data", "-w", "-s", "-l", folder + "/data/log", "-o",
                "-p " + port + " -k " + folder + " -c fsync=off", "start");
    }

    void stop() throws IOException, InterruptedException {
        asUser("pg_ctl", "-D", folder + "/data", "-w", "-s", "-m", "immediate", "stop");
    }

    /** PostgreSQL refuses to run as root. */
    private void asUser(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) command.addAll(List.of("runuser", "-u", "postgres", "--"));
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path log = Files.createTempFile("ttm-postgres", ".log");
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) throw new IOException(String.join(" ", command) + ": " + Files.readString(log));
        Files.delete(log);
    }

    void remove() throws IOException, InterruptedException {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
