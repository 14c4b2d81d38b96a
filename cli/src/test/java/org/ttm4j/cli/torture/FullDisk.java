package org.ttm4j.cli.torture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every command that writes on a full disk, in a folder that is read-only, past the limit of a file's size, from and to
 * pipes: {@code bin/torture disk}. It must end with 1 and a message that names the file and the reason, and leave what was
 * there before; through pipes come the same bytes as through files. The folder is a small file system in memory, for which
 * this program must be allowed to mount.
 */
final class FullDisk {
    private static final String FOLDER = "place/";

    private final Path work;
    private final Path place;
    private final ProgramProcess program;
    private final WritingCommands commands;
    private boolean failed;

    private FullDisk(String classPath, Path home, Path work) throws IOException {
        this.work = work;
        place = Files.createDirectory(work.resolve("place"));
        program = new ProgramProcess(classPath, work, ProgramProcess.QUICK);
        commands = WritingCommands.in(work.resolve("input"), home);
    }

    /** Arguments: the class path of the program and the folder of the project. */
    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("disk");
        FullDisk disk = new FullDisk(arguments[0], Path.of(arguments[1]), work);
        try {
            System.out.println("| case | command | message |\n|---|---|---|");
            disk.disks();
            disk.pipes();
        } finally {
            ProgramProcess.delete(work);
        }
        System.exit(disk.failed ? 1 : 0);
    }

    private void disks() throws Exception {
        mount("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", place.toString());
        try {
            oldFiles();
            byte[] rest = new byte[1 << 15];
            try {
                Files.write(place.resolve("fill"), rest);
            } catch (IOException e) {
                System.err.println("full: " + e.getMessage());
            }
            all("full", "No space left on device", List.of());
            mount("mount", "-o", "remount,ro", place.toString());
            all("read-only", "Read-only file system|access denied", List.of());
        } finally {
            mount("umount", place.toString());
        }
        oldFiles();
        // A block of 512 or 1024 bytes, less than what these write.
        all("size limit", "File too large", List.of("sh", "-c", "ulimit -f 1; exec \"$@\" > /dev/null", "sh"));
    }

    private void oldFiles() throws IOException {
        for (String file : List.of("table.csv", "table.xlsx", "page.html", "past.csv", "report.html")) {
            Files.writeString(place.resolve(file), "old\n");
        }
    }

    private static void mount(String... command) throws Exception {
        int code = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (code != 0) throw new IOException(String.join(" ", command) + " ended with " + code);
    }

    private void all(String name, String reason, List<String> before) throws Exception {
        Map<String, List<String>> arguments = new TreeMap<>(commands.arguments(FOLDER));
        // A small model does not fit in the folder, and what the last two write is less than the limit.
        arguments.remove("refinetune");
        if (!before.isEmpty()) arguments.keySet().removeAll(List.of("corpus", "anomalies", "pretrain"));
        for (var command : arguments.entrySet()) {
            Map<String, Long> contents = contents();
            ProgramProcess.Run run = program.run(before, in(command.getKey()), command.getValue());
            List<String> problems = new ArrayList<>();
            if (run.code() != 1) problems.add("exit code " + run.code());
            String files = command.getValue()
                    .stream()
                    .filter(argument -> argument.startsWith(FOLDER))
                    // The reports of several series are numbered: report-1.html.
                    .map(file -> Pattern.quote(file.replaceFirst("\\.\\w+$", "")))
                    .collect(Collectors.joining("|", "(", "|standard input)"));
            if (!Pattern.compile(files + ".*(" + reason + ")").matcher(run.message()).find()) {
                problems.add("no message with " + files + " and " + reason);
            }
            if (!contents().equals(contents)) problems.add(contents() + " is left of " + contents);
            row(name, command.getKey(), run.message(), problems);
        }
    }

    private File in(String command) {
        return command.equals("stdin") ? commands.input().resolve("load.csv").toFile() : null;
    }

    /** The files in the folder, by hashes of what is in them, but for what the next run continues. */
    private Map<String, Long> contents() throws IOException {
        Map<String, Long> contents = new HashMap<>();
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = place.relativize(file).toString();
                if (name.matches(".*\\.parts/.*")) continue;
                contents.put(name, (long) new String(Files.readAllBytes(file), "ISO-8859-1").hashCode());
            }
        }
        return contents;
    }

    private void row(String name, String command, String message, List<String> problems) {
        System.out.println("| " + name + " | " + command + " | "
                + (problems.isEmpty() ? "" : "FAILED: " + String.join(", ", problems) + ": ") + message + " |");
        failed |= !problems.isEmpty();
    }

    private void pipes() throws Exception {
        Path pipe = work.resolve("pipe");
        mount("mkfifo", pipe.toString());
        byte[] expected = forecast("input/load.csv", "expected.csv", work.resolve("expected.csv"), null, null);
        Path load = commands.input().resolve("load.csv");
        pipe("in", expected, forecast("pipe", "found.csv", work.resolve("found.csv"), load, pipe));
        pipe("out", expected,
                forecast("input/load.csv", "pipe", work.resolve("piped.csv"), pipe, work.resolve("piped.csv")));
        boolean isReplaced = Files.isRegularFile(pipe);
        row("pipe stays", "forecast", "", isReplaced ? List.of("it is a file now") : List.of());
        Process reader = new ProcessBuilder("head", "-n", "1", "pipe").directory(work.toFile()).start();
        ProgramProcess.Run run = program.run(arguments("input/load.csv", "pipe", "--horizon", "9999"));
        reader.waitFor();
        row("reader leaves", "forecast", run.message(),
                run.code() == 1 && run.message().contains("pipe") ? List.of() : List.of("exit code " + run.code()));
    }

    private void pipe(String name, byte[] expected, byte[] found) {
        row("pipe " + name, "forecast", "",
                java.util.Arrays.equals(expected, found) ? List.of() : List.of("another table"));
    }

    /** Forecasts beside a program that copies one file, or pipe, to another; the table. */
    private byte[] forecast(String in, String out, Path table, Path from, Path to) throws Exception {
        Process copy = from == null
                ? null
                : new ProcessBuilder("sh", "-c", "cat \"$0\" > \"$1\"", from.toString(), to.toString()).start();
        ProgramProcess.Run run = program.run(arguments(in, out));
        if (copy != null) copy.waitFor();
        if (run.code() != 0) row("pipes", "forecast", run.err(), List.of("exit code " + run.code()));
        return Files.readAllBytes(table);
    }

    private List<String> arguments(String in, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("forecast", in, "--mode", "fast", "--model",
                commands.model().toString(), "--out", out, "--plot", "none"));
        arguments.addAll(List.of(more));
        return arguments;
    }
}
