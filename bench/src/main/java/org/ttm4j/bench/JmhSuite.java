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
    private static final String KERNELS = "kernels";
    private static final String ALL = "org\\.ttm4j\\.bench\\.jmh\\..*";
    /** The scalar kernels, which are not what a reader of a long table looks for, on the widest and the narrowest layer. */
    private static final String[] SCALAR_PRODUCTS = {"D48_FC1", "D192_FC1"};

    /** Benchmarks of the whole model take the kernels that their JVM chose, so the scalar ones are a run of their own. */
    private static final String WHOLE_MODEL = "org\\.ttm4j\\.bench\\.jmh\\.(Forecast|Training)Benchmark\\..*";
    private static final String NO_KERNELS = "org\\.ttm4j\\.bench\\.jmh\\.(Forecast|Training|Checkpoint|Peak)Benchmark\\..*";

    /**
     * What was measured.
     *
     * @param benchmark class, without "Benchmark", and method, such as {@code Norm.layerNorm}
     * @param parameters all but the kernels, by name
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

    /** Runs everything, within limits such as tests need. */
    Collection<Score> run(UnaryOperator<ChainedOptionsBuilder> limits) throws RunnerException {
        String chosen = KernelSelection.active().name();
        Collection<Score> scores = new ArrayList<>();
        add(scores, chosen, limits.apply(new OptionsBuilder().include(ALL).param(KERNELS, "vector")));
        add(scores, "scalar",
                limits.apply(new OptionsBuilder().include(ALL)
                        .exclude(NO_KERNELS)
                        .param(KERNELS, "scalar")
                        .param("product", SCALAR_PRODUCTS)
                        .param("series", "32")));
        add(scores, "scalar",
                limits.apply(new OptionsBuilder().include(WHOLE_MODEL).jvmArgsAppend("-Dttm4j.kernels=scalar")));
        return scores;
    }

    /** Runs what the options say. @param kernels of the benchmarks that have no such parameter */
    private void add(Collection<Score> scores, String kernels, ChainedOptionsBuilder options) throws RunnerException {
        OutputFormat format = OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL);
        for (RunResult result : new Runner(options.build(), format).run()) scores.add(score(result, kernels));
    }

    private static Score score(RunResult result, String kernels) {
        BenchmarkParams params = result.getParams();
        Map<String, String> parameters = new TreeMap<>();
        for (String key : params.getParamsKeys()) parameters.put(key, params.getParam(key));
        String own = parameters.remove(KERNELS);
        String name = params.getBenchmark();
        String method = name.substring(name.lastIndexOf('.') + 1);
        String owner = name.substring(0, name.lastIndexOf('.'));
        owner = owner.substring(owner.lastIndexOf('.') + 1).replace("Benchmark", "");
        double nanos = result.getPrimaryResult().getStatistics().getPercentile(50);
        return new Score(owner + "." + method, parameters, own == null ? kernels : own, nanos);
    }
}
