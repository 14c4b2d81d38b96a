package org.ttm4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/**
 * Kernels under many flags of the JVM: are they right, and no slower than the scalar ones? Each row is a run of
 * {@link Configurations}: the time of a forward pass on the kernels that the JVM chooses and on the scalar ones, the largest
 * difference between the two, a hash of the former, which must be the same wherever the same kernels run, and the largest
 * deviation from the recordings of the reference model, in multiples of its tolerance.
 */
final class FlagsOfTheJvm {
    private static final String VECTOR = "--add-modules=jdk.incubator.vector";
    private static final String MANY = "32";

    private final Path references;
    private final Path all;
    /** Recordings that an interpreter verifies in a quarter of a minute. */
    private final Path few;
    private Path jdk;
    private boolean failed;

    private FlagsOfTheJvm(Path home) throws IOException {
        references = Files.createTempDirectory("references");
        all = home.resolve("ttm/src/test/resources/golden");
        few = Files.createDirectory(references.resolve("few"));
        for (String name : List.of("tiny-common", "tiny-freq", "decomposed-point", "fft-all-bins")) {
            Files.createSymbolicLink(few.resolve(name), all.resolve(name));
        }
    }

    /** Arguments: the folder of the project, {@code --short} for four rows or nothing, then folders of JDKs. */
    public static void main(String[] arguments) throws Exception {
        FlagsOfTheJvm table = new FlagsOfTheJvm(Path.of(arguments[0]));
        System.out.println(
                "| JDK  | module | flags                      | chosen        | chosen ms | scalar ms | ratio |"
                        + " difference | hash     | recordings |\n"
                        + "|------|--------|----------------------------|---------------|----------:|----------:|------:|"
                        + "-----------:|----------|-----------:|");
        boolean quick = arguments[1].equals("--short");
        for (String folder : Arrays.asList(arguments).subList(quick ? 2 : 1, arguments.length)) {
            table.jdk = Path.of(folder);
            if (quick) table.fewRows();
            else table.rows();
        }
        System.exit(table.failed ? 1 : 0);
    }

    private void fewRows() throws Exception {
        row(MANY, few, VECTOR);
        if (System.getProperty("os.arch").equals("amd64")) row(MANY, few, VECTOR, "-XX:UseAVX=2");
        row(MANY, few, VECTOR, "-XX:TieredStopAtLevel=1");
        row("1", few, "-Xmx48m");
    }

    private void rows() throws Exception {
        for (List<String> module : List.of(List.of(VECTOR), List.<String>of())) {
            // Without the module there are scalar kernels alone, of which the rows before have verified all recordings.
            Path recordings = module.isEmpty() ? few : all;
            for (String flag : List.of("", "-XX:UseAVX=0", "-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3",
                    "-XX:-UseFMA", "-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=2", "-XX:TieredStopAtLevel=3",
                    "-XX:-TieredCompilation", "-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC",
                    "-XX:+UseZGC")) {
                row(MANY, recordings, with(module, flag));
            }
            for (String flag : List.of("-XX:TieredStopAtLevel=0", "-XX:-UseCompiler", "-Xint")) {
                row("1", few, with(module, flag));
            }
            row("1", recordings, with(module, "-Xmx48m"));
        }
        Path graal = Path.of(System.getProperty("graal", ""));
        if (feature().equals("21") && Files.exists(graal)) {
            row(MANY, all, VECTOR, "-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI", "-XX:+UseJVMCICompiler",
                    "--upgrade-module-path=" + graal);
        }
    }

    private static String[] with(List<String> module, String flag) {
        List<String> flags = new ArrayList<>(module);
        if (!flag.isEmpty()) flags.add(flag);
        return flags.toArray(String[]::new);
    }

    private void row(String series, Path recordings, String... flags) throws Exception {
        boolean module = List.of(flags).contains(VECTOR);
        String label = String.join(" ", flags).replace(VECTOR, "").strip();
        if (label.contains("JVMCI")) label = "Graal";
        List<String> command = new ArrayList<>(List.of(jdk.resolve("bin/java").toString(), "-Xlog:disable"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Configurations.class.getName(), feature(),
                module ? "yes" : "no", label.isEmpty() ? "(none)" : label, series, references.toString(),
                recordings.toString()));
        Path log = references.resolve("log");
        int code = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(log.toFile())
                .start()
                .waitFor();
        if (code == 0) return;
        failed = true;
        System.err.println("failed: " + label + ": " + Files.readString(log));
    }

    /** The version of the JDK, such as 25. */
    private String feature() throws IOException {
        Properties release = new Properties();
        try (var in = Files.newBufferedReader(jdk.resolve("release"))) {
            release.load(in);
        }
        return release.getProperty("JAVA_VERSION").replaceAll("\"|\\..*", "");
    }
}
