package org.ttm4j.cli.torture;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program in a JVM of its own.
 *
 * @param classPath of the program, such as {@code ttm.jar}
 * @param folder in which it runs
 * @param flags of the JVM
 */
record ProgramProcess(String classPath, Path folder, List<String> flags) {
    /** For commands of a second. */
    static final List<String> QUICK = List.of("-Xlog:disable", "-XX:-UsePerfData", "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", "-Dttm4j.kernels=scalar");
    private static final int MINUTES = 5;

    /** An exit code, and what was written to standard output and standard error. */
    record Run(int code, String out, String err) {
        /** The line for the user with which a command fails, without the name of the program; empty if there is none. */
        String message() {
            return err.lines()
                    .filter(line -> line.startsWith("ttm: "))
                    .map(line -> line.substring("ttm: ".length()))
                    .reduce("", (before, line) -> line);
        }
    }

    ProgramProcess withFlags(List<String> more) {
        return new ProgramProcess(classPath, folder, Stream.concat(flags.stream(), more.stream()).toList());
    }

    ProgramProcess in(Path other) {
        return new ProgramProcess(classPath, other, flags);
    }

    Run run(List<String> arguments) throws IOException, InterruptedException {
        return run(List.of(), null, arguments);
    }

    /**
     * Runs it, at most five minutes.
     *
     * @param before what starts the JVM, such as a shell that sets limits
     * @param in what standard input is, or null for nothing
     */
    Run run(List<String> before, File in, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath, "org.ttm4j.cli.Main"));
        command.addAll(arguments);
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile())
                    .redirectInput(in == null ? new File("/dev/null") : in)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) process.destroyForcibly().waitFor();
            return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** Deletes a folder with all that is in it, or does nothing where it is absent. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(file);
        }
    }
}
