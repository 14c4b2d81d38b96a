package org.ttm4j.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of this module, and gathers JMH's own tables of them. */
final class JmhSuite {
    private static final String ALL = "org\\.ttm4j\\.bench\\.jmh\\..*";

    private JmhSuite() {}

    /**
     * Runs all on the kernels that a JVM chooses, or on those that are named. A benchmark that fails is missing.
     *
     * @param limits such as tests need
     * @param progress takes JMH's own report
     */
    static String run(String kernels, UnaryOperator<ChainedOptionsBuilder> limits, PrintStream progress)
            throws RunnerException {
        ChainedOptionsBuilder options = limits
                .apply(new OptionsBuilder().include(ALL).jvmArgsAppend("-Dttm4j.kernels=" + kernels));
        Runner runner = new Runner(options.build(),
                OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL));
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(table, true, StandardCharsets.UTF_8)) {
            ResultFormatFactory.getInstance(ResultFormatType.TEXT, out).writeOut(runner.run());
        }
        return table.toString(StandardCharsets.UTF_8);
    }
}
