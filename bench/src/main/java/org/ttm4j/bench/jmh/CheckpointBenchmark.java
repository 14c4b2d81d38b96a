package org.ttm4j.bench.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.ttm4j.bench.BenchModel;
import org.ttm4j.forecast.Forecaster;
import org.ttm4j.ttm.io.DType;

/** From a checkpoint folder to a forecaster: read, check, build the model. */
public class CheckpointBenchmark extends ModelBenchmark {
    private Path parent;
    private Path folder;

    @Setup
    public void setUp() throws IOException {
        parent = Files.createTempDirectory("ttm4j-bench");
        folder = parent.resolve("model");
        BenchModel.random().save(folder, DType.F32);
    }

    @TearDown
    public void tearDown() throws IOException {
        try (Stream<Path> paths = Files.walk(parent)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) Files.delete(path);
        }
    }

    @Benchmark
    public Forecaster load() throws IOException {
        return Forecaster.load(folder);
    }
}
