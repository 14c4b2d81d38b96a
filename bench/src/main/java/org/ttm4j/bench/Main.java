package org.ttm4j.bench;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.ttm4j.bench.Report.MarkdownTable;

/**
 * What {@code bin/bench} runs. The system property {@code ttm4j.home} is the project's folder, {@code ttm4j.shared} the
 * folder with the peers' graphs and script, beside the project unless given. Standard output carries nothing but the
 * numbers. Exit codes: 0 done, 1 failed, 2 wrong usage.
 */
public final class Main {
    static final String HELP = """
            usage: bench [--full] [--json]
                   bench --profile
                   bench --combination
                   bench --first-calls [JVMS]
                   bench --history [FILE]

            Measures TTM4J against ONNX Runtime and PyTorch, in a few minutes.

              --full   then run all JMH benchmarks too (some ten minutes) and write bench/target/RESULTS.md
              --json   print the ratios as one JSON object; an absent peer is null
              --profile   only time every operation, of forecasts of 1 and of 7 series and of training steps of the
                         published shape and of the bundled 512-96, beside the FMA peak
              --combination   only time combined forecasts: beside the model alone, and of 2,000 series
              --first-calls   only time the first 100 forecasts of fresh JVMs (20 unless given), on the kernels that are
                         chosen, on plain Java, and after a warm-up
              --history   only measure the shares of the peak, in a minute, and append them to FILE, a CSV with a picture
                         beside it (docs/measurements/history.csv unless given)

            The keys of --json:

            %s
            Shares of the peak are of least processor times, all others of medians by the wall clock.
            """
            .formatted(keys());
    private static final int JVMS = 20;
    /** Options beside which no other may stand. */
    private static final Set<String> ALONE = Set.of("--profile", "--combination", "--first-calls", "--history");

    private Main() {}

    private static String keys() {
        StringBuilder text = new StringBuilder();
        for (Measure measure : Measure.values()) {
            text.append(String.format(Locale.ROOT, "  %-18s  %s\n", measure.key(), measure.meaning()));
        }
        return text.append("  peak_gflops         fused multiply-adds alone, on one core: GFLOP/s\n").toString();
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        // Whatever a library prints is not data.
        System.setOut(err);
        int code = run(List.of(args), out, err);
        out.flush();
        System.exit(code);
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.print(HELP);
            return 0;
        }
        String mode = arguments.isEmpty() ? "" : arguments.get(0);
        for (int i = 0; i < arguments.size(); i++) {
            if (fits(mode, i, arguments.get(i))) continue;
            err.println("bench: unknown option " + arguments.get(i));
            err.print(HELP);
            return 2;
        }
        String value = arguments.size() > 1 ? arguments.get(1) : null;
        try {
            switch (mode) {
                case "--profile" -> out.print(profile());
                case "--combination" -> out.print(CombinationCost.text());
                case "--first-calls" -> out.print(FirstCalls.text(value == null ? JVMS : Integer.parseInt(value), err));
                case "--history" -> history(value, err);
                default -> measure(arguments.contains("--full"), arguments.contains("--json"), out, err);
            }
            return 0;
        } catch (Exception e) {
            err.println("bench: failed");
            e.printStackTrace(err);
            return 1;
        }
    }

    /** Returns true if an argument may stand at this place, given the first one. */
    private static boolean fits(String mode, int place, String argument) {
        if (!ALONE.contains(mode)) return argument.equals("--full") || argument.equals("--json");
        if (place == 0) return true;
        if (place > 1) return false;
        return mode.equals("--first-calls") && argument.matches("[1-9]\\d{0,3}")
                || mode.equals("--history") && !argument.startsWith("-");
    }

    private static String profile() throws Exception {
        double peak = FmaPeak.flops() / new Timing(1, 1, 100).medians(FmaPeak::run)[0];
        StringBuilder text = new StringBuilder("Fused multiply-adds alone reach " + Report.number(peak)
                + " GFLOP/s on one core. GELU and gates are timed alone and taken off their products.\n");
        for (int series : new int[]{1, 7}) {
            text.append('\n').append(Profile.ofForecast(BenchModel.random(), series, peak));
        }
        return text.append('\n')
                .append(Profile.ofTraining("the published shape", BenchModel.random(), peak))
                .append('\n')
                .append(Profile.ofTraining("the bundled 512-96: sigmoid gates, a prefix, quantiles with their loss",
                        BenchModel.bundled(), peak))
                .toString();
    }

    private static void history(String file, PrintStream err) throws Exception {
        Path home = home();
        Path table = file == null ? home.resolve("docs/measurements/history.csv") : Path.of(file);
        err.println("bench: measuring the shares of the peak; this takes a minute");
        Machine machine = Machine.here(home);
        new History(table).add(machine, new Shares(Shares.SECONDS).all());
        err.println("bench: appended to " + table);
    }

    private static Path home() {
        return Path.of(System.getProperty("ttm4j.home", "")).toAbsolutePath();
    }

    private static void measure(boolean full, boolean json, PrintStream out, PrintStream err) throws Exception {
        Path home = home();
        String shared = System.getProperty("ttm4j.shared");
        Path sharedFolder = shared == null ? home.resolveSibling("shared") : Path.of(shared);
        Machine machine = Machine.here(home);
        if (machine.busy())
            err.println("bench: other work is running or has just ended: load average " + machine.loadText());
        Comparison.Outcome outcome = new Comparison(sharedFolder, Comparison.Effort.SHORT,
                line -> err.println("bench: " + line)).run();
        out.print(json ? Report.json(outcome) : Report.markdown(outcome));
        out.flush();
        if (!full) return;
        String text = results(machine, outcome, jmh("auto", UnaryOperator.identity(), err),
                jmh("scalar", UnaryOperator.identity(), err));
        Path file = home.resolve("bench/target/RESULTS.md");
        Files.writeString(file, text
                + "\n## Every operation of a forecast and of a training step\n\n`bin/bench --profile`. " + profile());
        err.println("bench: wrote " + file);
    }

    /**
     * Runs all JMH benchmarks, and returns JMH's own table of them; one that fails is missing.
     *
     * @param kernels auto for those that a JVM chooses
     * @param limits such as tests need
     * @param progress takes JMH's own report
     */
    static String jmh(String kernels, UnaryOperator<ChainedOptionsBuilder> limits, PrintStream progress)
            throws RunnerException {
        ChainedOptionsBuilder options = limits.apply(new OptionsBuilder().include("org\\.ttm4j\\.bench\\.jmh\\..*")
                .jvmArgsAppend("-Dttm4j.kernels=" + kernels));
        Runner runner = new Runner(options.build(),
                OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL));
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(table, true, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.TEXT, out).writeOut(runner.run());
        }
        return table.toString(StandardCharsets.UTF_8);
    }

    /**
     * The text of {@code bench/target/RESULTS.md}: the machine, the ratios, and every JMH benchmark.
     *
     * @param chosen JMH's table on the kernels that a JVM chooses
     * @param scalar the same on the scalar ones
     */
    static String results(Machine machine, Comparison.Outcome outcome, String chosen, String scalar) {
        StringBuilder text = new StringBuilder("# Measured speed\n\nWritten by `bin/bench --full`.\n\n");
        text.append(new MarkdownTable("machine", machine.processor()).row("cores", Integer.toString(machine.cores()))
                .row("load average at the start", machine.loadText())
                .row("Java", machine.jdk())
                .row("flags", "`" + machine.flags() + "`")
                .row("kernels", machine.kernels())
                .row("peers", outcome.peers().isEmpty() ? "none" : String.join(", ", outcome.peers()))
                .row("commit", machine.commit())
                .row("date", machine.date()));
        if (machine.busy()) {
            text.append("\n**The machine was busy when this was measured: the numbers are too low to be quoted.**\n");
        }
        return text.append(
                "\n## Against other libraries\n\nSame run, same checkpoint, same series, measured in turns.\n\n")
                .append(Report.markdown(outcome))
                .append("\n## Kernels and the whole model\n\n")
                .append("A product is rows × inner × columns for each series; a task `fma` is ")
                .append(FmaPeak.flops())
                .append(" operations at the peak of one core. On the kernels that a JVM chooses:\n\n```\n")
                .append(chosen)
                .append("```\n\nOn the scalar ones:\n\n```\n")
                .append(scalar)
                .append("```\n")
                .toString();
    }
}
