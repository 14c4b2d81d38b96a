package org.ttm4j.cli.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Stops every command that writes before each of its changes to the file system, as a power cut would, or asks it to end
 * there by a signal: {@code bin/torture crash-points}. After each stop every file must be the old one or the new one,
 * whole; then the command runs again, and everything must be as if it had never been stopped, without leftovers. The
 * agent of bin/torture.d/CrashPoints.java counts the changes.
 */
final class StoppedCommands {
    /** What depends on the time of day. */
    private static final Pattern OF_THE_TIME = Pattern
            .compile(".*\\.log|(.*/)?(log\\.csv|loss\\.svg|training\\.json|.*report\\.csv)");
    /** States between the old files and the new ones, which the next run uses; a model that is tuned is the best so far. */
    private static final Pattern BETWEEN = Pattern
            .compile("(.*/)?(\\..*\\.tmp(/.*)?|.*\\.parts/.*|\\.update/.*|[^/]*\\.tmp|state\\.safetensors|best/.*)"
                    + "|tuned/.*");
    private static final Pattern LEFT_OVER = Pattern.compile("(.*/)?([^/]*\\.tmp|\\.update)");
    private static final int STOPPED = 137;

    private final Path work;
    private final String agent;
    private final String signal;
    private final ProgramProcess program;
    private final WritingCommands commands;
    private boolean failed;

    private StoppedCommands(String classPath, Path home, String agent, String signal) throws Exception {
        work = Files.createTempDirectory("crash");
        this.agent = agent;
        this.signal = signal;
        commands = WritingCommands.in(work.resolve("input"), home);
        Path classes = work.resolve("classes.jsa");
        program = new ProgramProcess(classPath, work, ProgramProcess.QUICK).withFlags(
                List.of("-Xbootclasspath/a:" + agent, "-XX:SharedArchiveFile=" + classes, "-Djava.io.tmpdir=."));
        // The others read their classes from its archive, and with the first picture of a user the JDK writes a list of the
        // fonts in the user's home, which are changes of no command.
        new ProgramProcess(classPath, Files.createDirectory(work.resolve("first")), ProgramProcess.QUICK)
                .withFlags(List.of("-Xbootclasspath/a:" + agent, "--add-modules", "java.instrument",
                        "-XX:ArchiveClassesAtExit=" + classes))
                .run(commands.arguments("").get("workbook"));
    }

    /**
     * Arguments: the class path of the program, the folder of the project, the agent's jar, then {@code --signal NAME} or
     * nothing, then the names of commands or none for all.
     */
    public static void main(String[] arguments) throws Exception {
        List<String> rest = Arrays.asList(arguments).subList(3, arguments.length);
        boolean signalled = !rest.isEmpty() && rest.get(0).equals("--signal");
        StoppedCommands stopped = new StoppedCommands(arguments[0], Path.of(arguments[1]), arguments[2],
                signalled ? rest.get(1) : null);
        Map<String, List<String>> all = stopped.commands.arguments("");
        List<String> names = rest.subList(signalled ? 2 : 0, rest.size());
        if (!all.keySet().containsAll(names)) {
            throw new IllegalArgumentException("expected names of " + all.keySet() + ", found " + names);
        }
        System.out
                .println("| command | changes | stopped at each: half written | not recovered |\n|---|---:|---:|---:|");
        for (var command : all.entrySet()) {
            if (names.isEmpty() || names.contains(command.getKey())) {
                stopped.stop(command.getKey(), command.getValue());
            }
        }
        ProgramProcess.delete(stopped.work);
        System.exit(stopped.failed ? 1 : 0);
    }

    private void stop(String name, List<String> arguments) throws Exception {
        Path folder = prepared(name);
        Map<String, Integer> before = files(folder);
        ProgramProcess.Run whole = run(folder, 0, arguments);
        if (whole.code() != 0) throw new IOException(name + " fails without being stopped: " + whole.err());
        int changes = Integer.parseInt(Files.readString(work.resolve("changes")));
        Map<String, Integer> after = files(folder);
        int half = 0;
        int lost = 0;
        for (int change = 1; change <= changes; change++) {
            folder = prepared(name);
            ProgramProcess.Run run = run(folder, change, arguments);
            if (!endsAsAsked(run.code())) say(name, change, "ended with " + run.code() + ": " + run.err());
            String broken = broken(folder, before, after);
            if (broken == null && name.endsWith("finetune")) broken = unreadable(folder);
            if (broken != null) {
                half++;
                say(name, change, broken);
            }
            run = run(folder, 0, arguments);
            Map<String, Integer> again = files(folder);
            if (!again.equals(after) || again.keySet().stream().anyMatch(file -> LEFT_OVER.matcher(file).matches())) {
                lost++;
                say(name, change, "run again it leaves " + again + " instead of " + after + ": " + run.err());
            }
        }
        System.out.println("| " + name + " | " + changes + " | " + half + " | " + lost + " |");
    }

    private void say(String name, int change, String problem) {
        failed = true;
        System.err.println(name + ", stopped before change " + change + ": " + problem);
    }

    /** Asked to end at its last changes, a command may be done before it does. */
    private boolean endsAsAsked(int code) {
        if (signal == null) return code == STOPPED;
        return code == 0 || code == (signal.equals("INT") ? 130 : 143);
    }

    private ProgramProcess.Run run(Path folder, int change, List<String> arguments) throws Exception {
        String stop = change + "," + work.resolve("changes") + (signal == null || change == 0 ? "" : "," + signal);
        return program.in(folder)
                .withFlags(List.of("-javaagent:" + agent + "=" + stop))
                .run(List.of(), commands.input().resolve("load.csv").toFile(), arguments);
    }

    /** The folder before a command: with older files where they are replaced, and with a copy that a kill has left. */
    private Path prepared(String name) throws IOException {
        Path folder = work.resolve("case");
        ProgramProcess.delete(folder);
        Files.createDirectory(folder);
        if (name.equals("refinetune")) {
            Path tuned = Files.createDirectory(folder.resolve("tuned"));
            try (Stream<Path> files = Files.list(commands.model())) {
                for (Path file : files.toList()) Files.copy(file, tuned.resolve(file.getFileName()));
            }
        } else if (!List.of("finetune", "corpus", "pretrain").contains(name)) {
            for (String file : commands.arguments("").get(name)) {
                if (file.matches("[^/]+\\..*") && !file.matches("[0-9.]+"))
                    Files.writeString(folder.resolve(file), "old");
            }
        }
        return folder;
    }

    /** The files of a folder by a hash of what is in them, and its folders that are left of a write. */
    private static Map<String, Integer> files(Path folder) throws IOException {
        Map<String, Integer> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                String name = folder.relativize(file).toString();
                if (Files.isDirectory(file)
                        ? !LEFT_OVER.matcher(name).matches()
                        : OF_THE_TIME.matcher(name).matches()) {
                    continue;
                }
                files.put(name, Files.isDirectory(file) ? 0 : hash(file));
            }
        }
        return files;
    }

    /** Of a workbook, which holds the time at which it was written, that of its sheets. */
    private static int hash(Path file) throws IOException {
        if (!file.toString().endsWith(".xlsx")) return Arrays.hashCode(Files.readAllBytes(file));
        try (ZipFile book = new ZipFile(file.toFile())) {
            int hash = 0;
            for (ZipEntry entry : book.stream().toList()) {
                if (!entry.getName().startsWith("xl/worksheets/")) continue;
                hash += Arrays.hashCode(book.getInputStream(entry).readAllBytes());
            }
            return hash;
        } catch (ZipException noWorkbook) {
            return Arrays.hashCode(Files.readAllBytes(file));
        }
    }

    /** The first file that is neither the old one nor the new one, or null. */
    private static String broken(Path folder, Map<String, Integer> before, Map<String, Integer> after)
            throws IOException {
        for (var file : files(folder).entrySet()) {
            String name = file.getKey();
            boolean known = file.getValue().equals(before.get(name)) || file.getValue().equals(after.get(name));
            if (!known && !BETWEEN.matcher(name).matches() && !LEFT_OVER.matcher(name).matches()) {
                return name + " is neither the old one nor the new one";
            }
        }
        return null;
    }

    private String unreadable(Path folder) throws Exception {
        if (!Files.exists(folder.resolve("tuned"))) return null;
        ProgramProcess.Run info = run(folder, 0, List.of("info", "tuned"));
        return info.code() == 0 ? null : "tuned cannot be read: " + info.err();
    }
}
