package org.ttm4j.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.ttm4j.engine.KernelSelection;

/** Runs the JMH benchmarks of this module and gathers their medians. */
final class JmhSuite {
    private static final String ALL = "org\\.ttm4j\\.bench\\.jmh\\..*";
    /** Few for the scalar kernels, which are not what a reader of a long table looks for: the widest and the narrowest layer. */
    private static final String[] SCALAR_PRODUCTS = {Product.FEATURES_D48_FC1.name(), Product.FEATURES_D192_FC1.name(),
            Product.PATCHES_D48_FC1.name(), Product.PATCHES_D192_FC1.name()};

    /**
     * What was measured.
     *
     * @param benchmark class, without "Benchmark", such as {@code Layer}
     * @param parameters by name
     * @param kernels {@code vector} or {@code scalar}
     * @param nanos median time of a call
     */
    record Score(String benchmark, Map<String, String> parameters, String kernels, double nanos) {}

    private final PrintStream progress;

    /** @param progress takes JMH's own report */
    JmhSuite(PrintStream progress) {
        this.progress = progress;
    }

    /** Runs everything. A benchmark that fails is named in the report and has no score. */
    Collection<Score> run() throws RunnerException {
        return run(options -> options);
    }

    /** Runs everything, within limits such as tests need: on the kernels that a JVM chooses, then on the scalar ones. */
    Collection<Score> run(UnaryOperator<ChainedOptionsBuilder> limits) throws RunnerException {
        Collection<Score> scores = new ArrayList<>();
        add(scores, KernelSelection.active().name(), limits.apply(new OptionsBuilder().include(ALL)));
        add(scores, "scalar",
                limits.apply(new OptionsBuilder().include(ALL)
                        .jvmArgsAppend("-Dttm4j.kernels=scalar")
                        .param("product", SCALAR_PRODUCTS)
                        .param("series", "32")));
        return scores;
    }

    private void add(Collection<Score> scores, String kernels, ChainedOptionsBuilder options) throws RunnerException {
        OutputFormat format = OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL);
        for (RunResult result : new Runner(options.build(), format).run()) {
            BenchmarkParams params = result.getParams();
            Map<String, String> parameters = new TreeMap<>();
            for (String key : params.getParamsKeys()) parameters.put(key, params.getParam(key));
            String name = params.getBenchmark().replaceAll(".*\\.(.*)Benchmark\\..*", "$1");
            scores.add(
                    new Score(name, parameters, kernels, result.getPrimaryResult().getStatistics().getPercentile(50)));
        }
    }
}
