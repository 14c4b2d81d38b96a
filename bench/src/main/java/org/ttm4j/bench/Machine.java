package org.ttm4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ttm4j.engine.KernelSelection;

/** The properties of the machine on which figures depend, without its name or paths. */
record Machine(String processor, int cores, String jdk, String flags, String kernels, String commit, String date,
        double load) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** This machine now. @param home the project's folder */
    static Machine here(Path home) throws IOException, InterruptedException {
        // System properties are left out: they hold paths.
        String flags = ManagementFactory.getRuntimeMXBean()
                .getInputArguments()
                .stream()
                .filter(flag -> !flag.startsWith("-D"))
                .collect(Collectors.joining(" "));
        return new Machine(processorName(), Runtime.getRuntime().availableProcessors(),
                "JDK " + System.getProperty("java.runtime.version"), flags, KernelSelection.reason(), commitOf(home),
                Instant.now().truncatedTo(ChronoUnit.MINUTES).toString(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Returns true if other work on the machine makes the numbers unfit to be quoted. A negative load is unknown. */
    boolean busy() {
        return load > 0.5;
    }

    String loadText() {
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.1f", load);
    }

    private static String processorName() throws IOException {
        String name = System.getProperty("os.arch");
        if (!Files.isReadable(PROCESSORS)) return name;
        List<String> lines = Files.readAllLines(PROCESSORS, StandardCharsets.UTF_8);
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(name);
    }

    private static String commitOf(Path home) throws InterruptedException {
        try {
            return output(new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
                    .directory(home.toFile())).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** What a command prints. @throws IOException when it cannot be started, or fails */
    static String output(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        if (code == 0) return text;
        throw new IOException(String.join(" ", command.command()) + " ended with exit code " + code);
    }
}
